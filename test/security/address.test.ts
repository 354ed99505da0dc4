import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pino } from 'pino';
import { clientKey, Proxies, plainAddress } from '#api/server/address.ts';
import { Budget } from '#api/server/budget.ts';
import { Server } from '#api/server.ts';
import { route } from '#test/transport/fixture.ts';
import { Raw } from '#test/transport/raw.ts';

/** Whose address counts: what a client says of itself is not believed. */

describe('the address of a client', () => {
  const proxies = new Proxies(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32']);
  const CASES: [socket: string, hops: string[], client: string, why: string][] = [
    ['203.0.113.5', [], '203.0.113.5', 'no proxy'],
    ['203.0.113.5', ['1.2.3.4'], '203.0.113.5', 'a client that claims an address'],
    ['203.0.113.5', ['10.0.0.1', '127.0.0.1'], '203.0.113.5', 'a client that claims to be a proxy'],
    ['10.0.0.1', ['198.51.100.7'], '198.51.100.7', 'behind a proxy'],
    ['10.0.0.1', ['1.2.3.4', '198.51.100.7'], '198.51.100.7', 'behind a proxy, claiming another address'],
    ['10.0.0.1', ['1.2.3.4', '198.51.100.7', ' 10.0.0.2 ', '192.0.2.1'], '198.51.100.7', 'behind several'],
    ['10.0.0.1', [], '10.0.0.1', 'a proxy that says nothing'],
    ['10.0.0.1', ['1.2.3.4', 'unknown'], '10.0.0.1', 'a proxy that says nonsense'],
    ['10.0.0.1', ['1.2.3.4', ''], '10.0.0.1', 'an empty word'],
    ['10.0.0.1', ['198.51.100.7:4711'], '198.51.100.7', 'with its port'],
    ['10.0.0.1', ['[2001:db9::1]:443'], '2001:db9::1', 'IPv6 with its port'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', ['198.51.100.7'], '198.51.100.7', 'a proxy of IPv6'],
    ['0000:0000:0000:0000:0000:ffff:0a00:0001', ['198.51.100.7'], '198.51.100.7', 'IPv4 within IPv6'],
    ['10.0.0.1', ['10.0.0.7', '10.0.0.8'], '10.0.0.7', 'proxies all the way'],
    ['10.0.0.1', ['1.2.3.4\r\nX: y'], '10.0.0.1', 'a line break'],
  ];
  for (const [socket, hops, client, why] of CASES) {
    it(why, () => assert.equal(proxies.resolve(socket, hops), client));
  }

  it('of IPv6 counts by its network, whatever its spelling', () => {
    for (const text of ['2001:db8:0:1::5', '2001:0DB8:0000:0001:ffff:0:0:9', '2001:db8:0:1:a:b:c:d']) {
      assert.equal(clientKey(text), '2001:db8:0:1');
    }
    assert.equal(clientKey('::1'), '0:0:0:0');
    assert.equal(clientKey('192.0.2.1'), '192.0.2.1');
    assert.equal(plainAddress('::ffff:192.0.2.1'), '192.0.2.1');
    assert.equal(plainAddress('999.1.1.1'), undefined);
  });

  it('a wrong range stops the start', () => {
    for (const range of ['proxy.example', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '::/129', '10.0.0.0/-1', '*']) {
      assert.throws(() => new Proxies([range]), { name: 'ConfigError', message: /HUB_TRUSTED_PROXIES/ }, range);
    }
  });
});

describe('on the wire', () => {
  const servers: Server[] = [];
  const ports: number[] = [];
  before(async () => {
    const handler = ({ address }: { address: string }) => ({ status: 200, json: address });
    const routes = [
      route({ method: 'GET', path: '/address', address: true, handler }),
      route({ method: 'GET', path: '/other', handler }),
    ];
    const gate = {
      fresh: async () => undefined,
      auth: { authenticate: () => assert.fail(), confirm: () => assert.fail() },
    };
    for (const trustedProxies of [[], ['127.0.0.1']]) {
      const log = pino({ level: 'silent' });
      const server = new Server({ routes, gate, log, uploads: new Budget(1), trustedProxies });
      ports.push(await server.listen('127.0.0.1', 0));
      servers.push(server);
    }
  });
  after(() => Promise.all(servers.map((server) => server.close())));

  async function ask(port: number, lines: string, path = '/address'): Promise<string> {
    const raw = await Raw.open(port);
    await raw.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n${lines}\r\n`);
    const answer = await raw.answer();
    raw.drop();
    return JSON.parse(answer?.body ?? '');
  }

  it('is the socket’s, unless a configured proxy says another', async () => {
    const [open, trusting] = ports as [number, number];
    const forwarded = 'X-Forwarded-For: 198.51.100.7\r\n';
    assert.equal(await ask(open, forwarded), '127.0.0.1');
    assert.equal(await ask(trusting, forwarded), '198.51.100.7');
    assert.equal(await ask(trusting, `X-Forwarded-For: 1.2.3.4\r\n${forwarded}`), '198.51.100.7', 'two headers');
    assert.equal(await ask(trusting, `${forwarded}X-Forwarded-For: 203.0.113.9\r\n`), '203.0.113.9', 'the last counts');
    assert.equal(await ask(trusting, ''), '127.0.0.1');
    assert.equal(await ask(trusting, forwarded, '/other'), '', 'only routes that ask for it know it');
  });
});
