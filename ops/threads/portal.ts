/** The thread of the portal: what ops/threads/portals.ts starts, or a whole process with the role `portal`. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { PortalConfig } from '#engine/portal-config.ts';
import { hubFolder } from '#ops/place.ts';
import { portalHandler } from '#ops/portal/build.ts';

export type Said = { url: string } | 'stopped' | { failed: { name: string; message: string } };

const port = parentPort as MessagePort;
const say = (said: Said): void => port.postMessage(said);

/** An agent's page waits for the hub; a connection that says nothing does not. ms */
const HEADERS_MS = 10_000;
const IDLE_MS = 20_000;
/** Ten files of a démarche on a slow line. The page that reads them gives up on who says nothing. ms */
const REQUEST_MS = 3_600_000;

try {
  const config = workerData as PortalConfig;
  const servers = [createServer(), createServer()] as const;
  await Promise.all([listen(servers[0], config.port, config.host), listen(servers[1], config.filesPort, config.host)]);
  const [url, filesUrl] = [
    new URL(config.url || `http://localhost:${portOf(servers[0])}`),
    new URL(config.filesUrl || `http://127.0.0.1:${portOf(servers[1])}`),
  ];
  Object.assign(process.env, {
    HUB_PORTAL_URL: url.href,
    HUB_PORTAL_FILES_URL: filesUrl.href,
    HUB_API_URL: config.apiUrl,
    HUB_PORTAL_DEMO_URL: config.demoUrl,
    HUB_PORTAL_UNDO: String(config.undoSeconds),
    HUB_PORTAL_SPOOL: config.spool || join(hubFolder, 'portal'),
    HUB_PORTAL_CLIENT_ID: config.clientId,
    HUB_PORTAL_CLIENT_SECRET: config.clientSecret,
    HUB_OIDC_ISSUER: config.oidc.issuer,
    HUB_OIDC_CLIENT_ID: config.oidc.clientId,
    HUB_OIDC_CLIENT_SECRET: config.oidc.clientSecret,
    // The portal bounds what it reads by page (hooks.server.ts): one of them takes files.
    BODY_SIZE_LIMIT: 'Infinity',
    // Read by the adapter when it is loaded: clients must not choose where they are.
    PROTOCOL_HEADER: 'x-hub-proto',
    HOST_HEADER: 'x-hub-host',
  });
  const handler = await portalHandler();
  servers[0].on('request', at(url, handler));
  servers[1].on('request', at(filesUrl, handler));
  port.on('message', async () => {
    await Promise.all(servers.map(close));
    say('stopped');
  });
  say({ url: url.origin });
} catch (error) {
  const { name, message, stack } = error as Error;
  say({ failed: { name, message: name === 'Error' ? (stack ?? message) : message } });
}

/** Requests of one server all have its address, whatever they say of themselves. */
function at({ protocol, host }: URL, handler: RequestListener): RequestListener {
  return (request, response) => {
    request.headers['x-hub-proto'] = protocol.slice(0, -1);
    request.headers['x-hub-host'] = host;
    return handler(request, response);
  };
}

function listen(server: Server, wanted: number, host: string): Promise<void> {
  server.headersTimeout = HEADERS_MS;
  server.keepAliveTimeout = IDLE_MS;
  server.requestTimeout = REQUEST_MS;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = Object.assign(new Error(`port ${wanted} of the portal is taken: choose another`), {
        name: 'PortTaken',
      });
      reject(error.code === 'EADDRINUSE' ? taken : error);
    });
    server.listen(wanted, host, resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), 2_000).unref();
  });
}
