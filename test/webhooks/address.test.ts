import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { checkUrl, isPublic } from '#api/webhooks/address.ts';
import { openOutbound } from '#api/webhooks/outbound.ts';

/** What a webhook must never reach: the hub's own network, whatever the address is written like. */
const CLOSED = [
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '127.0.0.1',
  '127.255.255.254',
  '168.63.129.16',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:8.8.8.8',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '3fff::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  '2a00:1450::1%lo',
  'fec0::1',
  'ff02::1',
  '',
  'localhost',
  '1.2.3',
];
const OPEN = [
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '172.32.0.1',
  '192.167.1.1',
  '223.255.255.255',
  '2a00:1450::1',
  '2606:4700::1',
];

describe('addresses', () => {
  for (const address of CLOSED)
    test(`${address || '(none)'} is not called`, () => assert.equal(isPublic(address), false));
  for (const address of OPEN) test(`${address} is called`, () => assert.equal(isPublic(address), true));

  test('written in other ways they are refused as well', () => {
    for (const host of [
      '127.1',
      '0x7f.1',
      '2130706433',
      '017700000001',
      '0',
      '[::1]',
      '[::ffff:10.0.0.1]',
      '169.254.169.254',
      '127。0。0。1',
    ])
      assert.ok('wrong' in checkUrl(`https://${host}/`, false), host);
    assert.ok('wrong' in checkUrl('http://mairie.example/', false));
    assert.ok('url' in checkUrl('https://mairie.example/relais?jeton=1', false));
    assert.ok('url' in checkUrl('http://127.0.0.1:8080/', true));
    assert.ok('wrong' in checkUrl(`https://mairie.example/${'a'.repeat(2_000)}`, false));
  });
});

type Found = { address: string; family: number }[];
/** A DNS that says what a test wants, and counts how often it was asked. */
function dns(...answers: Found[]) {
  let asked = 0;
  const resolve = ((_host: string, _options: unknown, done: (error: Error | null, found: Found) => void) => {
    const found = answers[Math.min(asked, answers.length - 1)] as Found;
    asked += 1;
    setImmediate(() => done(null, found));
  }) as never;
  return { resolve, count: () => asked };
}
const v4 = (address: string) => ({ address, family: 4 });

describe('names', () => {
  let server: Server;
  let hits: string[] = [];
  before(async () => {
    server = createServer((request, response) => {
      hits.push(request.headers.host ?? '');
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => new Promise((resolve) => server.close(resolve)));
  const port = (): number => (server.address() as AddressInfo).port;
  const call = (outbound: ReturnType<typeof openOutbound>, url: string) =>
    outbound.call({ url: new URL(url), headers: {}, body: '{}', answerBytes: 0 });

  test('that lead to an address of the inside are not called, be it one of several', async () => {
    hits = [];
    for (const found of [
      [v4('127.0.0.1')],
      [v4('1.1.1.1'), v4('127.0.0.1')],
      [{ address: '::ffff:127.0.0.1', family: 6 }],
      [v4('169.254.169.254')],
      [],
    ]) {
      const outbound = openOutbound({ open: false, callMs: 2_000, resolve: dns(found).resolve });
      assert.equal((await call(outbound, `https://piege.example:${port()}/`)).outcome, 'forbidden');
      outbound.close();
    }
    assert.deepEqual(hits, []);
  });

  test('are resolved once: the address that was checked is the one that is called, under its name', async () => {
    hits = [];
    const { resolve, count } = dns([v4('127.0.0.1')], [v4('192.0.2.1')]);
    const outbound = openOutbound({ open: true, callMs: 2_000, resolve });
    assert.equal((await call(outbound, `http://mairie.example:${port()}/`)).outcome, 'delivered');
    assert.equal(count(), 1);
    assert.deepEqual(hits, [`mairie.example:${port()}`]);
    outbound.close();
  });

  test('plain HTTP and addresses of the inside are not called without the operator’s leave, whatever was registered', async () => {
    hits = [];
    const outbound = openOutbound({ open: false, callMs: 2_000 });
    for (const url of [
      `http://mairie.example:${port()}/`,
      `https://127.0.0.1:${port()}/`,
      `https://localhost:${port()}/`,
    ])
      assert.equal((await call(outbound, url)).outcome, 'forbidden', url);
    assert.deepEqual(hits, []);
    outbound.close();
  });
});
