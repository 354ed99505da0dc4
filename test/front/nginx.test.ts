import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Feed } from '#gateway/client/feed.ts';
import type { FeedEvent } from '#gateway/client/frames.ts';
import { nginxBinary } from '#ops/nginx/binary.ts';
import { freePort } from '#ops/redis/server.ts';
import { type Services, startServices } from '#ops/services.ts';
import { startHub, type World } from '#test/contract/hub.ts';
import { deposit } from '#test/native/calls.ts';
import { hasOpenssl, Pki } from '#test/security/pki.ts';
import { Nginx } from './nginx.ts';

const binary = nginxBinary();
const why = binary === undefined ? 'no nginx here, nor a Debian to fetch it from' : hasOpenssl() ? false : 'no openssl';
/** More than any buffer between the two ends. */
const LARGE = 3_000_000;
const TOKEN_SECONDS = 3_600;

describe('the hub behind nginx', { skip: why }, () => {
  let [world, portal, pki, nginx]: [World, Services, Pki, Nginx] = [] as never;
  let url = '';

  before(async () => {
    pki = new Pki();
    setDefaultCACertificates([...getCACertificates(), pki.pem('ca.pem').toString()]);
    world = await startHub({ HUB_TRUSTED_PROXIES: '127.0.0.1' });
    const [port, filesPort, nowhere] = [await freePort(), await freePort(), `http://127.0.0.1:${await freePort()}`];
    portal = await startServices(
      {
        role: 'portal',
        data: world.data,
        env: {
          HUB_API_URL: world.url,
          HUB_PORTAL_CLIENT_ID: 'p',
          HUB_PORTAL_CLIENT_SECRET: 's',
          HUB_PORTAL_PORT: String(port),
          HUB_PORTAL_FILES_PORT: String(filesPort),
          HUB_PORTAL_URL: 'https://portail.relais.example',
          HUB_PORTAL_FILES_URL: 'https://fichiers-relais.example',
          HUB_OIDC_ISSUER: nowhere,
          HUB_OIDC_CLIENT_ID: 'c',
          HUB_OIDC_CLIENT_SECRET: 'x',
        },
      },
      () => undefined,
    );
    const at = (one: number): string => `http://127.0.0.1:${one}`;
    nginx = await Nginx.open(binary as string, pki, { api: world.url, portal: at(port), files: at(filesPort) });
    nginx.test();
    await nginx.start();
    url = `https://localhost:${nginx.port}`;
  });
  after(async () => {
    await nginx?.stop();
    await portal?.stop();
    await world?.stop();
    pki?.remove();
  });

  const as = (token: string | undefined, more: Record<string, string> = {}): Record<string, string> => ({
    Authorization: `Bearer ${token}`,
    ...more,
  });
  const deposited = async (): Promise<string> => {
    const headers = as(world.dgs.token, {
      'Content-Type': 'application/json',
      'Idempotency-Key': randomBytes(9).toString('hex'),
    });
    const answer = await fetch(`${url}/relais/v1/folders`, {
      method: 'POST',
      headers,
      body: JSON.stringify(deposit()),
    });
    equal(answer.status, 201, await answer.clone().text());
    return ((await answer.json()) as { cases: [{ id: string }] }).cases[0].id;
  };

  it('pushes a deposit over a WebSocket and a stream of events, at once', async () => {
    const [pushed, { token }] = [Promise.withResolvers<FeedEvent>(), world.orly];
    const feed = new Feed({
      url,
      token: async () => ({ value: token, seconds: TOKEN_SECONDS }),
      consumer: 'front',
      onEvent: (event) => pushed.resolve(event),
      onTrouble: (trouble) => pushed.reject(trouble),
    });
    const running = feed.run();
    const over = new AbortController();
    const stream = await fetch(`${url}/relais/v1/feed/stream?consumer=front-stream`, {
      headers: as(token),
      signal: over.signal,
    });
    equal(stream.headers.get('content-type')?.split(';')[0], 'text/event-stream');
    const id = await deposited();
    equal((await pushed.promise).data.caseId, id);
    let text = '';
    for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(chunk).toString();
      if (text.includes(id)) break;
    }
    over.abort();
    feed.stop();
    await running;
    match(text, /event: |data: /);
  });

  it('streams a large file both ways', async () => {
    const bytes = Buffer.concat([Buffer.from('%PDF-1.4\n'), randomBytes(LARGE), Buffer.from('%%EOF\n')]);
    const id = '01890a5d-ac96-774b-bcce-b302099a8057';
    const put = await fetch(`${url}/relais/v1/files/${id}`, {
      method: 'PUT',
      headers: as(world.dgs.token, { 'Content-Type': 'application/pdf' }),
      body: bytes,
    });
    ok([200, 201, 204].includes(put.status), `${put.status} ${await put.text()}`);
    const { attachments, ...rest } = deposit() as { attachments: { content?: string }[] };
    const [{ content: _, ...described }] = attachments as [{ content?: string }];
    const made = await fetch(`${url}/relais/v1/folders`, {
      method: 'POST',
      headers: as(world.dgs.token, { 'Content-Type': 'application/json', 'Idempotency-Key': 'large' }),
      body: JSON.stringify({ ...rest, attachments: [{ ...described, file: id }] }),
    });
    equal(made.status, 201, await made.clone().text());
    const folder = (await made.json()) as { cases: [{ id: string }]; attachments: [{ id: string }] };
    const path = `/teledossiers/v1/cases/${folder.cases[0].id}/attachments/${folder.attachments[0].id}`;
    const got = await fetch(url + path, { headers: as(world.orly.token) });
    equal(got.status, 200);
    const digest = (one: Uint8Array): string => createHash('sha256').update(one).digest('hex');
    equal(digest(new Uint8Array(await got.arrayBuffer())), digest(bytes));
  });

  it('shows a page of the portal on its host, files on another, and neither on the API’s', async () => {
    const page = await get('portail.relais.example', '/connexion');
    equal(page.status, 200);
    match(page.text, /S’identifier avec ProConnect/);
    match(page.hsts, /max-age=31536000/);
    ok((await get('fichiers-relais.example', '/connexion')).status >= 400);
    ok((await get('api.relais.example', '/connexion')).status >= 400);
  });

  it('keeps figures of the processes to those who ask them directly', async () => {
    deepEqual(
      [(await get('api.relais.example', '/metrics')).status, (await fetch(`${world.url}/metrics`)).status],
      [404, 200],
    );
  });

  /** As a browser that found nginx at the host of this name. */
  function get(host: string, path: string): Promise<{ status: number; text: string; hsts: string }> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: nginx.port, path, servername: 'localhost', headers: { Host: host } };
      const asked = request({ ...options, ca: pki.pem('ca.pem') }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            text,
            hsts: String(answer.headers['strict-transport-security'] ?? ''),
          }),
        );
      });
      asked.on('error', reject);
      asked.end();
    });
  }
});
