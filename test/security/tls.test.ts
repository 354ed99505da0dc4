import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type ConnectionOptions, connect } from 'node:tls';
import { pino } from 'pino';
import { Budget } from '#api/server/budget.ts';
import { tlsOptions } from '#api/server/tls.ts';
import { Server } from '#api/server.ts';
import { loadConfig, type TlsConfig } from '#engine/config.ts';
import { route } from '#test/transport/fixture.ts';
import { Raw } from '#test/transport/raw.ts';
import { hasOpenssl, Pki } from './pki.ts';

const skip = hasOpenssl() ? false : 'openssl is not on this machine';

interface Seen {
  protocol: string | null;
  cipher: string;
  answer: string;
  session: Buffer | undefined;
  reused: boolean;
}

async function serve(tls: TlsConfig): Promise<{ server: Server; port: number; handled: () => number }> {
  let handled = 0;
  const handler = () => {
    handled += 1;
    return { status: 200, json: 'served' };
  };
  const routes = [route({ method: 'GET', path: '/open', handler })];
  const gate = {
    fresh: async () => undefined,
    auth: { authenticate: () => assert.fail(), confirm: () => assert.fail() },
  };
  const server = new Server({ routes, gate, log: pino({ level: 'silent' }), uploads: new Budget(1), tls });
  return { server, port: await server.listen('127.0.0.1', 0), handled: () => handled };
}

describe('TLS', { skip }, () => {
  let pki: Pki;
  before(() => {
    pki = new Pki();
  });
  after(() => pki.remove());

  const plain = (): TlsConfig => ({
    cert: pki.path('server.pem'),
    key: pki.path('server.key'),
    ca: '',
    clients: 'any',
  });
  const mutual = (): TlsConfig => ({ ...plain(), ca: pki.path('ca.pem'), clients: 'required' });
  const as = (name: string): ConnectionOptions => ({ cert: pki.pem(`${name}.pem`), key: pki.pem(`${name}.key`) });

  /** One request; rejects with the error of the handshake. */
  function ask(port: number, options: ConnectionOptions = {}, path = '/open'): Promise<Seen> {
    return new Promise((resolve, reject) => {
      const seen: Partial<Seen> = { answer: '' };
      const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: pki.pem('ca.pem'), ...options });
      socket.once('secureConnect', () => {
        seen.protocol = socket.getProtocol();
        seen.cipher = socket.getCipher().name;
        seen.reused = socket.isSessionReused();
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      });
      socket.on('session', (session) => {
        seen.session = session;
      });
      socket.on('data', (chunk: Buffer) => {
        seen.answer += chunk.toString('latin1');
        socket.end();
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(seen as Seen));
    });
  }

  it('serves 1.2 and 1.3 with forward secrecy, and nothing older or weaker', async () => {
    const { server, port } = await serve(plain());
    for (const protocol of ['TLSv1.2', 'TLSv1.3'] as const) {
      const { answer, ...seen } = await ask(port, { minVersion: protocol, maxVersion: protocol });
      assert.equal(seen.protocol, protocol);
      assert.match(seen.cipher, /GCM|CHACHA20/);
      assert.match(answer, /^HTTP\/1\.1 200 OK\r\n[\s\S]*"served"$/);
    }
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await assert.rejects(ask(port, old), /alert protocol version/);
    for (const ciphers of ['ECDHE-ECDSA-AES128-SHA', 'AES128-SHA', 'AES128-GCM-SHA256']) {
      await assert.rejects(ask(port, { maxVersion: 'TLSv1.2', ciphers }), /handshake failure/, ciphers);
    }
    await server.close();
  });

  it('answers nothing to plain HTTP on that port', async () => {
    const { server, port, handled } = await serve(plain());
    const raw = await Raw.open(port);
    await raw.ask('GET /open');
    assert.equal(await raw.answer(), undefined);
    assert.equal(raw.pending.includes('HTTP/1.1'), false);
    assert.equal(handled(), 0);
    await server.close();
  });

  it('serves holders of a certificate of the authority only, when they are required', async () => {
    const { server, port, handled } = await serve(mutual());
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      assert.match((await ask(port, { maxVersion, ...as('town') })).answer, /^HTTP\/1\.1 200 OK/);
      const served = handled();
      await assert.rejects(ask(port, { maxVersion, ...as('stranger') }), /unknown ca/);
      for (const path of ['/open', '/unknown']) {
        const { answer } = await ask(port, { maxVersion }, path);
        assert.match(answer, /^HTTP\/1\.1 403 Forbidden/);
        assert.match(
          answer,
          /\{"errors":\[\{"code":403,"message":"Unauthorized user : [^"]*client certificate[^"]*"\}\]\}$/,
        );
      }
      assert.equal(handled(), served);
    }
    await server.close();
  });

  it('a session taken up again proves what it proved, and no more', async () => {
    const { server, port } = await serve(mutual());
    const town = await ask(port, as('town'));
    const again = await ask(port, town.session ? { session: town.session } : {});
    assert.match(again.answer, /^HTTP\/1\.1 200 OK/);
    const nobody = await ask(port);
    const still = await ask(port, nobody.session ? { session: nobody.session } : {});
    assert.equal(still.reused, true);
    assert.match(still.answer, /^HTTP\/1\.1 403 /);
    await server.close();
  });

  it('refuses a certificate that has expired, or is not one of clients', async () => {
    pki.issue('late', 'ca', 'clientAuth', 0);
    pki.issue('other', 'ca', 'serverAuth');
    const { server, port } = await serve(mutual());
    await assert.rejects(ask(port, as('late')), /certificate expired/);
    await assert.rejects(ask(port, as('other')), /alert|certificate/);
    await server.close();
  });

  it('files that cannot serve stop the start, and the message names the variable', () => {
    writeFileSync(pki.path('nothing.pem'), 'nothing');
    const wrong: [Partial<TlsConfig>, RegExp][] = [
      [{ cert: pki.path('none.pem') }, /^HUB_TLS_CERT: .*ENOENT/],
      [{ cert: pki.path('nothing.pem') }, /^HUB_TLS_CERT: .*no certificate/],
      [{ key: pki.path('nothing.pem') }, /^HUB_TLS_KEY: .*no private key/],
      [{ key: pki.path('town.key') }, /^HUB_TLS_KEY is not the key of HUB_TLS_CERT/],
      [{ ca: pki.path('nothing.pem') }, /^HUB_TLS_CA: .*no certificate/],
    ];
    for (const [part, message] of wrong) {
      assert.throws(() => tlsOptions({ ...plain(), ...part }), { name: 'ConfigError', message });
    }
  });

  it('half a configuration stops the start', () => {
    const cert = { HUB_TLS_CERT: 'a', HUB_TLS_KEY: 'b' };
    const load = (env: Record<string, string>) =>
      loadConfig({ HUB_REDIS_URL: 'redis://127.0.0.1', ...env }, { role: 'api', data: pki.path('data') }).tls;
    assert.equal(load({}), undefined);
    assert.deepEqual(load(cert), { cert: 'a', key: 'b', ca: '', clients: 'any' });
    const required = { HUB_TLS_CLIENT: 'required', HUB_TLS_CA: 'c' };
    assert.equal(load({ ...cert, ...required })?.clients, 'required');
    for (const env of [
      { HUB_TLS_CERT: 'a' },
      { HUB_TLS_KEY: 'b' },
      required,
      { ...cert, HUB_TLS_CA: 'c' },
      { ...cert, HUB_TLS_CLIENT: 'required' },
      { ...cert, ...required, HUB_TLS_CLIENT: 'yes' },
    ]) {
      assert.throws(() => load(env), { name: 'ConfigError' }, JSON.stringify(env));
    }
  });
});
