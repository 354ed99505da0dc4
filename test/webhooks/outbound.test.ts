import assert from 'node:assert/strict';
import { createServer as createSecure } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { type Called, openOutbound } from '#api/webhooks/outbound.ts';
import { hasOpenssl, Pki } from '#test/security/pki.ts';

/** Receivers that misbehave: none holds a call longer than its time, or makes it read on. */
const CALL_MS = 300;

async function against(serve: (socket: Socket) => void, answerBytes = 0): Promise<Called & { ms: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const outbound = openOutbound({ open: true, callMs: CALL_MS });
  const began = performance.now();
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  try {
    const called = await outbound.call({ url, headers: {}, body: '{}', answerBytes });
    return { ...called, ms: performance.now() - began };
  } finally {
    outbound.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const answering = (text: string) => (socket: Socket) => void socket.once('data', () => socket.write(text));
const HEAD = 'HTTP/1.1 200 OK\r\n';

describe('calls', () => {
  test('end in time, whatever the receiver does not do', async () => {
    const drip = (text: string) => (socket: Socket) => {
      socket.write(HEAD);
      const timer = setInterval(() => socket.write(text), 20);
      socket.on('close', () => clearInterval(timer));
    };
    for (const [name, serve] of [
      ['silent', () => undefined],
      ['half a header', answering(`${HEAD}X-A: `)],
      ['a header now and then', drip('X-A: b\r\n')],
      ['one early hint after the other', answering('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(3))],
    ] as const)
      assert.equal((await against(serve)).outcome, 'timeout', name);
  });

  test('do not read on: a body without end changes nothing about what was said', async () => {
    const endless = answering(
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n${`ffff\r\n${'x'.repeat(0xffff)}\r\n`.repeat(4)}`,
    );
    assert.equal((await against(endless)).outcome, 'delivered');
    const { text, outcome } = await against(endless, 100);
    assert.deepEqual([outcome, text.length], ['delivered', 100]);
  });

  test('say how they ended', async () => {
    for (const [head, outcome, status] of [
      ['204 No Content', 'delivered', 204],
      ['410 Gone', 'gone', 410],
      ['302 Found\r\nLocation: http://127.0.0.1:1/', 'redirected', 302],
      ['404 Not Found', 'refused', 404],
    ] as const) {
      const called = await against(answering(`HTTP/1.1 ${head}\r\nContent-Length: 0\r\n\r\n`));
      assert.deepEqual([called.outcome, called.status], [outcome, status]);
    }
    assert.equal((await against((socket) => socket.destroy())).outcome, 'connection');
    assert.equal((await against(answering('SSH-2.0-OpenSSH\r\n'))).outcome, 'connection');
    assert.equal((await against(answering(`${HEAD}X-A: ${'a'.repeat(64_000)}\r\n\r\n`))).outcome, 'connection');
  });

  test('hear how long to wait', async () => {
    const waiting = (header: string) =>
      against(answering(`HTTP/1.1 503 Busy\r\nRetry-After: ${header}\r\nContent-Length: 0\r\n\r\n`));
    assert.equal((await waiting('120')).retryAfterMs, 120_000);
    const date = (await waiting(new Date(Date.now() + 60_000).toUTCString())).retryAfterMs as number;
    assert.ok(date > 50_000 && date <= 60_000);
    for (const header of ['-5', 'demain', '']) assert.equal((await waiting(header)).retryAfterMs, null);
  });

  test('by TLS name the host, and trust nobody but an authority', {
    skip: hasOpenssl() ? false : 'no openssl',
  }, async () => {
    const pki = new Pki();
    const names: string[] = [];
    const server = createSecure({ cert: pki.pem('server.pem'), key: pki.pem('server.key') }, (request, response) => {
      names.push((request.socket as TLSSocket & { servername: string }).servername);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const resolve = ((_host: string, _options: unknown, done: (error: null, found: object[]) => void) =>
      done(null, [{ address: '127.0.0.1', family: 4 }])) as never;
    const trusting = openOutbound({ open: true, callMs: 5_000, ca: pki.pem('ca.pem').toString(), resolve });
    const strict = openOutbound({ open: true, callMs: 5_000, resolve });
    const call = (outbound: typeof strict, host: string) =>
      outbound.call({ url: new URL(`https://${host}:${port}/`), headers: {}, body: '', answerBytes: 0 });
    try {
      assert.equal((await call(trusting, 'localhost')).outcome, 'delivered');
      assert.deepEqual(names, ['localhost']);
      // The certificate is another's.
      assert.equal((await call(trusting, 'mairie.example')).outcome, 'tls');
      assert.equal((await call(strict, 'localhost')).outcome, 'tls');
    } finally {
      for (const one of [trusting, strict]) one.close();
      server.close();
      pki.remove();
    }
  });
});
