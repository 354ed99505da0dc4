import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuthSettings } from '#api/auth/auth.ts';
import { Access } from '#api/auth/auth.ts';
import { ADMIN, AuthWorld, HOUR, MASTER } from './world.ts';

const INVALID = {
  status: 401,
  code: 900901,
  message: 'Invalid Credentials : Invalid Credentials. Make sure you have given the correct access token',
};
const MISSING = {
  status: 401,
  code: 900902,
  message:
    "Missing Credentials : Invalid Credentials. Make sure your API invocation call has a header: 'Authorization : Bearer ACCESS_TOKEN'",
};

test('a token gives the caller its client was made for', () => {
  const world = new AuthWorld();
  const recipient = world.recipient('si', 's1', 'EtatCivil');
  const found = world.access.authenticate(`Bearer ${world.token(recipient)}`);
  assert.deepEqual(found.caller, { scope: 'SI', org: 'SI-21770288300018-77288', process: 'EtatCivil' });
  assert.equal(found.client, 'si');
  const sender = world.sender('osl', 's2');
  assert.deepEqual(world.access.authenticate(`bearer  ${world.token(sender)} `).caller, {
    scope: 'OSL',
    org: 'OSL-13000918600011-00000',
  });
});

test('a partner acts as its organisation’s type says, within what its credentials say now', () => {
  const world = new AuthWorld();
  const partner = { processes: ['EtatCivil'], rights: ['read', 'write'] } as const;
  const client = world.sender('p', 's1', { scope: 'PARTNER', partner });
  const header = `Bearer ${world.token(client)}`;
  const caller = { scope: 'OSL', org: 'OSL-13000918600011-00000', processes: ['EtatCivil'] };
  assert.deepEqual(world.access.authenticate(header), {
    caller,
    client: 'p',
    scope: 'PARTNER',
    rights: ['read', 'write'],
  });
  world.clients.set('p', { ...client, partner: { processes: [], rights: ['read'] } });
  assert.deepEqual(world.access.authenticate(header).rights, ['read']);
  const town = world.sender('t', 's2', { scope: 'PARTNER', partner, organization: 'SI-21770288300018-77288' });
  assert.equal(world.access.authenticate(`Bearer ${world.token(town)}`).caller.scope, 'SI');
});

const HEADERS: [header: string, expected: typeof INVALID][] = [
  ['', MISSING],
  ['Bearer', MISSING],
  ['Bearer ', MISSING],
  ['Basic YTpi', MISSING],
  ['token', MISSING],
  ['Bearer nonsense', INVALID],
  ['Bearer a.b.c', INVALID],
];
for (const [header, expected] of HEADERS) {
  test(`Authorization: ${JSON.stringify(header)} → ${expected.code}`, () => {
    assert.throws(() => new AuthWorld().access.authenticate(header), expected);
  });
}

test('a revocation counts at once, for tokens and secrets', () => {
  const world = new AuthWorld();
  const client = world.sender('osl', 's1');
  const header = `Bearer ${world.token(client)}`;
  assert.ok(world.access.authenticate(header));
  world.clients.set('osl', { ...client, revoked: world.time });
  assert.throws(() => world.access.authenticate(header), INVALID);
  assert.equal(world.access.identify('osl', 's1'), undefined);
  world.clients.delete('osl');
  assert.throws(() => world.access.authenticate(header), INVALID);
});

test('asking for another token leaves the first one valid', () => {
  const world = new AuthWorld();
  const client = world.sender('osl', 's1');
  const first = `Bearer ${world.token(client)}`;
  world.time += 1000;
  assert.notEqual(`Bearer ${world.token(client)}`, first);
  assert.ok(world.access.authenticate(first));
  world.time += HOUR;
  assert.throws(() => world.access.authenticate(first), INVALID);
});

test('the old secret is valid during the overlap only', () => {
  const world = new AuthWorld();
  const before = world.sender('osl', 'old');
  world.clients.set('osl', {
    ...before,
    secret: world.secrets.hash('osl', 'new'),
    previousSecret: before.secret,
    previousUntil: world.time + HOUR,
  });
  assert.ok(world.access.identify('osl', 'new'));
  assert.ok(world.access.identify('osl', 'old'));
  world.time += HOUR - 1;
  assert.ok(world.access.identify('osl', 'old'));
  world.time += 1;
  assert.equal(world.access.identify('osl', 'old'), undefined);
  assert.ok(world.access.identify('osl', 'new'));
});

test('only the right secret identifies, and its hash is of one client and one hub', () => {
  const world = new AuthWorld();
  const client = world.sender('osl', 's1');
  world.sender('other', 'x', { secret: client.secret });
  assert.equal(world.access.identify('osl', 's1')?.clientId, 'osl');
  for (const [id, secret] of [
    ['osl', ''],
    ['osl', 's2'],
    ['osl', client.secret],
    ['none', 's1'],
    ['other', 's1'],
  ] as const) {
    assert.equal(world.access.identify(id, secret), undefined, `${id} ${secret}`);
  }
  const elsewhere = new AuthWorld(Buffer.alloc(32, 9));
  elsewhere.clients.set('osl', client);
  assert.equal(elsewhere.access.identify('osl', 's1'), undefined);
});

test('made secrets have 256 bits and are all different', () => {
  const { secrets } = new AuthWorld();
  const made = new Set(Array.from({ length: 100 }, () => secrets.make()));
  assert.equal(made.size, 100);
  for (const secret of made) assert.equal(Buffer.from(secret, 'base64url').length, 32);
});

test('the first administrator comes from the configuration', () => {
  const world = new AuthWorld();
  const admin = world.access.identify(ADMIN.clientId, ADMIN.secret);
  assert.equal(admin?.scope, 'ADMIN');
  world.clients.clear();
  assert.equal(world.access.authenticate(`Bearer ${world.token(admin)}`).caller.scope, 'ADMIN');
  assert.equal(world.access.identify(ADMIN.clientId, `${ADMIN.secret}x`), undefined);
});

const UNSAFE: [name: string, over: Partial<AuthSettings>, message: RegExp][] = [
  ['a secret under 24 characters', { adminClientSecret: 'x'.repeat(23) }, /at least 24 characters/],
  ['a colon in the client id', { adminClientId: 'a:b' }, /without space or colon/],
  ['a short master key', { masterKey: Buffer.alloc(16) }, /16 bytes/],
];
for (const [name, over, message] of UNSAFE) {
  test(`does not start with ${name}`, () => {
    const settings = { masterKey: MASTER, tokenSeconds: 60, adminClientId: 'a', adminClientSecret: 'x'.repeat(24) };
    assert.throws(() => new Access(new AuthWorld().hub, { ...settings, ...over }), message);
  });
}

test('without a configured administrator there is none', () => {
  const { hub } = new AuthWorld();
  const access = new Access(hub, { masterKey: MASTER, tokenSeconds: 60, adminClientId: '', adminClientSecret: '' });
  assert.equal(access.identify('', ''), undefined);
});

test('no token for another scope, nor for a subscription that is gone', () => {
  const world = new AuthWorld();
  const recipient = world.recipient('si', 's1', 'EtatCivil');
  assert.equal(world.access.grant(recipient, 'OSL'), undefined);
  world.subscriptions.clear();
  assert.equal(world.access.grant(recipient, 'SI'), undefined);
});

test('a token of the secret before lives no longer than that secret, and a connection opened before the rotation no longer either', () => {
  const world = new AuthWorld();
  const before = world.sender('osl', 'old');
  const early = world.access.admit(`Bearer ${world.token(before)}`);
  world.time += HOUR / 4;
  const overlap = HOUR / 4;
  const client = {
    ...before,
    secret: world.secrets.hash('osl', 'new'),
    previousSecret: before.secret,
    previousUntil: world.time + overlap,
    rotated: world.time,
  };
  world.clients.set('osl', client);
  const old = world.access.grant(client, 'OSL', 'old');
  const fresh = world.access.grant(client, 'OSL', 'new');
  assert.deepEqual([old?.seconds, fresh?.seconds], [overlap / 1000, HOUR / 1000]);
  const [late, current] = [old, fresh].map((granted) => world.access.admit(`Bearer ${granted?.token}`));
  assert.deepEqual(
    [early, late, current].map((one) => one && world.access.lapsed(one)),
    [undefined, undefined, undefined],
  );
  world.time += overlap;
  assert.deepEqual(
    [early, late, current].map((one) => one && world.access.lapsed(one)),
    ['rotated', 'expired', undefined],
  );
  assert.throws(() => world.access.admit(`Bearer ${old?.token}`), { code: 900901 });
  world.time += HOUR;
  assert.equal(current && world.access.lapsed(current), 'expired');
  world.clients.delete('osl');
  assert.equal(current && world.access.lapsed(current), 'revoked');
});
