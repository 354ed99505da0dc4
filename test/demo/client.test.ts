import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { Client, Refused } from '#ops/demo/client.ts';
import { Http } from '#ops/demo/http.ts';
import { patiently, retryAfterMs } from '#ops/demo/patience.ts';

interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Cuts the connection instead of answering. */
  cut?: boolean;
}

const credentials = { clientId: 'a', clientSecret: 'b', scope: 'OSL' } as const;
const token = { status: 200, body: { access_token: 't', expires_in: 3600 } };

/** Answers from a list, one a call; tokens apart. Gives what was called and how long the client waited. */
async function against(replies: Reply[], use: (client: Client, seen: Seen) => Promise<void>): Promise<Seen> {
  const seen: Seen = { calls: [], tokens: 0, waits: [] };
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const reply = request.url === '/oauth2/token' ? token : replies.shift();
      if (request.url === '/oauth2/token') seen.tokens++;
      else seen.calls.push(`${request.method} ${request.url} ${request.headers.authorization}`);
      if (!reply || ('cut' in reply && reply.cut)) return request.socket.destroy();
      response.writeHead(reply.status, {
        'Content-Type': 'application/json',
        ...('headers' in reply ? reply.headers : {}),
      });
      response.end(reply.body === undefined ? '' : JSON.stringify(reply.body));
      return undefined;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const http = new Http(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const sleep = async (ms: number) => seen.waits.push(ms);
  try {
    await use(new Client(http, credentials, { sleep }), seen);
  } finally {
    http.close();
    server.closeAllConnections();
    server.close();
  }
  return seen;
}

interface Seen {
  calls: string[];
  tokens: number;
  waits: number[];
}

test('503 and 429 are tried again after what Retry-After says', async () => {
  const busy = [
    { status: 503, headers: { 'Retry-After': '2' } },
    { status: 429, headers: { 'Retry-After': '1' } },
    { status: 204 },
  ];
  const seen = await against(busy, (client) => client.patchFolder('f', 'HUBEE_COMPLETED'));
  assert.deepEqual(seen.waits, [2000, 1000]);
  assert.equal(seen.calls.length, 3);
  assert.equal(new Set(seen.calls).size, 1);
});

test('a broken connection is tried again, any other refusal is not', async () => {
  const refusal = { errors: [{ code: 404, message: 'Case is not found' }] };
  const seen = await against(
    [
      { status: 0, cut: true },
      { status: 404, body: refusal },
    ],
    async (client) => {
      await assert.rejects(client.getCase('x'), (error) => {
        assert.ok(error instanceof Refused);
        assert.equal(error.status, 404);
        assert.match(error.message, /Case is not found/);
        return true;
      });
    },
  );
  assert.equal(seen.calls.length, 2);
});

test('calls made together share a token; a refused token is renewed once', async () => {
  const fine = () => ({ status: 200, body: [] });
  const refused = () => ({ status: 401, body: { errors: [{ code: 900901, message: 'Invalid Credentials' }] } });
  const seen = await against([fine(), fine(), refused(), fine(), refused(), refused()], async (client, { tokens }) => {
    assert.equal(tokens, 0);
    await Promise.all([client.listNotifications(25), client.listNotifications(25)]);
    await client.listNotifications(25);
    await assert.rejects(client.listNotifications(25), /401 Invalid Credentials/);
  });
  assert.equal(seen.tokens, 3);
  assert.equal(seen.calls.length, 6);
});

test('the server is given up after a while, with its last answer', async () => {
  const waits: number[] = [];
  const busy = { status: 503, headers: {} as IncomingMessage['headers'], body: Buffer.alloc(0) };
  const answer = await patiently(async () => busy, { sleep: async (ms) => waits.push(ms) });
  assert.equal(answer.status, 503);
  assert.ok(waits.length > 10 && waits.every((ms) => ms > 0));
});

test('an abort ends the tries', async () => {
  const busy = { status: 503, headers: {}, body: Buffer.alloc(0) };
  const stop = new AbortController();
  const sleep = async () => stop.abort(new Error('stopped'));
  await assert.rejects(
    patiently(async () => busy, { sleep, signal: stop.signal }),
    /stopped/,
  );
});

test('Retry-After is read as seconds or as a date', () => {
  const now = Date.parse('2026-03-02T09:00:00Z');
  assert.equal(retryAfterMs('3', now), 3000);
  assert.equal(retryAfterMs('Mon, 02 Mar 2026 09:00:05 GMT', now), 5000);
  assert.equal(retryAfterMs('Mon, 02 Mar 2026 08:00:00 GMT', now), 0);
  assert.equal(retryAfterMs('soon', now), undefined);
  assert.equal(retryAfterMs(undefined, now), undefined);
});
