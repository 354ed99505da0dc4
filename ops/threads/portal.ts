/** The thread of the portal: what ops/threads/portals.ts starts, or a whole process with the role `portal`. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Proxies } from '#api/server/address.ts';
import { LEAVE_PATH } from '#engine/jobs/letters.ts';
import type { PortalConfig } from '#engine/portal-config.ts';
import type { Counted } from '#engine/telemetry/metrics.ts';
import { hubFolder } from '#ops/place.ts';
import { portalHandler } from '#ops/portal/build.ts';
import { Pages } from './pages.ts';

/** What the process gives the thread; `alone`: there is nothing else in it. */
export interface PortalGiven {
  config: PortalConfig;
  alone: boolean;
}

export type Order = 'drain' | 'stop' | { look: number };
export type Said =
  | { url: string }
  | 'stopped'
  | { look: number; counted: Counted }
  | { failed: { name: string; message: string } };

const port = parentPort as MessagePort;
const say = (said: Said): void => port.postMessage(said);

/** An agent's page waits for the hub; a connection that says nothing does not. ms */
const HEADERS_MS = 10_000;
const IDLE_MS = 20_000;
/** Ten files of a démarche on a slow line. The page that reads them gives up on who says nothing. ms */
const REQUEST_MS = 3_600_000;
/** Pages under way when the process ends have as long, ms: a page waits for the hub, which answers within 15 s. */
const END_MS = 20_000;
/** Where a load balancer asks. */
const READY = '/health/ready';

/** Of the portal's sources: its build is of pages. */
const SLIPS = new URL('../../portal/src/lib/server/bordereau/thread.ts', import.meta.url).href;

/** The process is told to stop: each connection ends with its answer. */
let draining = false;

try {
  const { config, alone } = workerData as PortalGiven;
  const pages = new Pages(alone);
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
    HUB_PORTAL_PUBLISHER: config.legal.publisher,
    HUB_PORTAL_HOSTING: config.legal.hosting,
    HUB_PORTAL_CONTACT: config.legal.contact,
    HUB_PORTAL_UNDO: String(config.undoSeconds),
    HUB_PORTAL_SPOOL: config.spool || join(hubFolder, 'portal'),
    HUB_PORTAL_SLIPS: SLIPS,
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
    ADDRESS_HEADER: 'x-hub-address',
  });
  const proxies = new Proxies(config.trustedProxies);
  const handler = await portalHandler();
  servers[0].on('request', at(url, proxies, handler, pages));
  servers[1].on('request', at(filesUrl, proxies, handler, pages));
  port.on('message', async (order: Order) => {
    if (typeof order === 'object') return say({ look: order.look, counted: await pages.counted() });
    draining = true;
    if (order === 'drain') return;
    await Promise.all(servers.map(close));
    say('stopped');
  });
  say({ url: url.origin });
} catch (error) {
  const { name, message, stack } = error as Error;
  say({ failed: { name, message: name === 'Error' ? (stack ?? message) : message } });
}

/** Requests of one server all have its address, whatever they say of themselves; and their own is what a proxy we trust says. */
function at(
  { protocol, host, origin }: URL,
  proxies: Proxies,
  handler: RequestListener,
  pages: Pages,
): RequestListener {
  return (request, response) => {
    if (draining) response.shouldKeepAlive = false;
    if (request.url === READY) return void response.writeHead(draining ? 503 : 200).end();
    if (pages.serves(request, response)) return;
    pages.watch(request, response);
    const { headers, socket } = request;
    headers['x-hub-proto'] = protocol.slice(0, -1);
    headers['x-hub-host'] = host;
    headers['x-hub-address'] = proxies.resolve(socket.remoteAddress ?? '', hopsOf(headers['x-forwarded-for']));
    // A mail program's own POST (RFC 8058) has no Origin, which Kit asks for: it bears its permission in its address, and no cookie counts there.
    if (request.url?.startsWith(LEAVE_PATH)) headers.origin ??= origin;
    return handler(request, response);
  };
}

const hopsOf = (forwarded: string | string[] | undefined): string[] => [forwarded ?? []].flat().join(',').split(',');

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
    setTimeout(() => server.closeAllConnections(), END_MS).unref();
  });
}
