import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ReferentialCopy } from '#engine/client/referential.ts';
import { WAIT_MS } from '#engine/client/referential-barrier.ts';
import { compareText } from '#engine/client/referential-table.ts';
import { orgKey } from '#engine/domain/organization.ts';
import type { ClientState } from '#engine/domain/records/client.ts';
import type { OrganizationState } from '#engine/domain/records/organization.ts';
import type { SubscriptionState, SubscriptionStatus } from '#engine/domain/records/subscription.ts';
import { freshId, organization, subscription, TOWN } from './samples.ts';
import { FakeSource } from './source.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const KEY = orgKey(TOWN);

const town = (name: string): OrganizationState => ({ ...organization(TOWN), name, created: NOW, updated: null });

function subscribed(status: SubscriptionStatus, over: Partial<SubscriptionState> = {}): SubscriptionState {
  const { localAdministrator, ...asked } = subscription();
  return {
    ...asked,
    id: freshId(NOW),
    status,
    localAdministrator: {
      email: localAdministrator.email,
      firstName: null,
      lastName: null,
      function: null,
      phoneNumber: null,
      mobileNumber: null,
    },
    updateDateTime: null,
    creationDateTime: NOW,
    version: 0,
    ...over,
  };
}

async function opened(source: FakeSource): Promise<ReferentialCopy> {
  const copy = new ReferentialCopy(source);
  await copy.open();
  source.calls.length = 0;
  return copy;
}

/** Lets all that can happen without the source happen. */
async function settle(): Promise<void> {
  for (let count = 0; count < 4; count += 1) await turn();
}

test('a copy reads everything once, then only what changed', async () => {
  const source = new FakeSource();
  source.write(`O${KEY}`, town('Melun'));
  const copy = await opened(source);
  assert.equal(copy.organization(KEY)?.name, 'Melun');
  await copy.fresh();
  assert.deepEqual(source.calls, ['version']);
  source.write(`O${KEY}`, town('Ville de Melun'));
  source.write(`O${KEY}`, town('Melun-sur-Seine'));
  await copy.fresh();
  assert.deepEqual(source.calls, ['version', 'version', 'changes', `load O${KEY}`]);
  assert.equal(copy.organization(KEY)?.name, 'Melun-sur-Seine');
});

test('requests of one turn of the event loop share one read', async () => {
  const source = new FakeSource();
  const copy = await opened(source);
  await Promise.all(Array.from({ length: 100 }, () => copy.fresh()));
  assert.deepEqual(source.calls, ['version']);
});

test('a change answered before fresh() is called is seen, also when a read was under way', async () => {
  const source = new FakeSource();
  source.write(`O${KEY}`, town('before'));
  const copy = await opened(source);
  source.open = false;
  const first = copy.fresh();
  await settle();
  assert.equal(source.held, 1);
  source.write(`O${KEY}`, town('after'));
  let passed = false;
  const second = copy.fresh().then(() => {
    passed = true;
    return copy.organization(KEY)?.name;
  });
  const third = copy.fresh();
  source.release();
  await first;
  assert.equal(copy.organization(KEY)?.name, 'before');
  await settle();
  assert.equal(passed, false, 'the read under way does not count');
  source.open = true;
  source.release();
  assert.equal(await second, 'after');
  await third;
  assert.deepEqual(source.calls, ['version', 'version', 'changes', `load O${KEY}`]);
});

test('seeded interleavings: whatever the order of writes, reads and answers, no change is missed', async () => {
  for (let seed = 1; seed <= 50; seed += 1) {
    let state = seed;
    const roll = (faces: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state >>> 8) % faces;
    };
    const source = new FakeSource();
    const copy = await opened(source);
    source.open = false;
    let written = 0;
    const checks: Promise<void>[] = [];
    for (let step = 0; step < 60; step += 1) {
      const action = roll(5);
      if (action === 0) {
        written += 1;
        source.write(`O${KEY}`, town(String(written)));
      } else if (action === 1) {
        const seen = written;
        const check = () => assert.ok(Number(copy.organization(KEY)?.name ?? 0) >= seen, `seed ${seed}, step ${step}`);
        checks.push(copy.fresh().then(check));
      } else if (action === 2) source.release();
      else if (action === 3 && roll(8) === 0) source.forgotten = source.log.at(-1)?.version ?? 0;
      else await turn();
    }
    source.open = true;
    source.release();
    await Promise.all(checks);
  }
});

test('a copy too far behind, or ahead of restored data, reads everything again', async () => {
  const source = new FakeSource();
  source.write(`O${KEY}`, town('Melun'));
  const copy = await opened(source);
  source.write('Pgone', null);
  source.texts.delete(`O${KEY}`);
  source.forgotten = Number.POSITIVE_INFINITY;
  await copy.fresh();
  assert.equal(copy.organization(KEY), undefined);
  source.texts.clear();
  source.forgotten = 0;
  source.write(`O${KEY}`, town('restored'));
  source.rewind(1);
  await copy.fresh();
  assert.equal(copy.organization(KEY)?.name, 'restored');
});

test('many changes are read in pages, all of them before the request goes on', async () => {
  const source = new FakeSource();
  const copy = await opened(source);
  source.page = 2;
  for (let count = 1; count <= 5; count += 1) source.write(`O${KEY}`, town(`name ${count}`));
  source.write('OSI-00000000000000-1', { ...town('last'), companyRegister: '00000000000000', branchCode: '1' });
  await copy.fresh();
  assert.equal(copy.organization('SI-00000000000000-1')?.name, 'last');
  assert.equal(source.calls.filter((call) => call === 'changes').length, 3);
  source.log.length = 0;
  source.write(`O${KEY}`, town('untold'));
  source.log.length = 0;
  await copy.fresh();
  assert.equal(copy.organization(KEY)?.name, 'untold', 'a version without its changes reads everything');
});

test('a removed record is gone, an unreadable one is told and does not stop the others', async () => {
  const source = new FakeSource();
  const told: string[] = [];
  const copy = new ReferentialCopy(source, { onCorrupt: (name) => told.push(name) });
  source.write(`O${KEY}`, town('Melun'));
  source.write('OSI-00000000000000-1', town('other'));
  await copy.open();
  source.texts.set(`O${KEY}`, `${source.texts.get(`O${KEY}`)} `);
  source.log.push({ version: 4, name: `O${KEY}` });
  source.write('OSI-00000000000000-1', null);
  await copy.fresh();
  assert.deepEqual(told, [`O${KEY}`]);
  assert.equal(copy.organization(KEY), undefined);
  assert.deepEqual([...copy.organizations()], []);
});

test('a failed read refuses those who waited for it, and only them', async () => {
  const source = new FakeSource();
  const copy = await opened(source);
  const version = mock.method(source, 'version', () => Promise.reject(new Error('away')));
  await assert.rejects(copy.fresh(), { code: 'busy', status: 503 });
  version.mock.restore();
  await copy.fresh();
});

test('a read that takes too long refuses those who wait, also those who wait for the next one', async () => {
  const source = new FakeSource();
  const copy = await opened(source);
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    source.open = false;
    const first = assert.rejects(copy.fresh(), { code: 'busy' });
    await settle();
    const second = assert.rejects(copy.fresh(), { code: 'busy' });
    mock.timers.tick(WAIT_MS);
    await Promise.all([first, second]);
    const third = copy.fresh();
    source.open = true;
    source.release();
    await third;
  } finally {
    mock.timers.reset();
  }
});

test('subscriptions of an organization to a démarche: the live one first', async () => {
  const source = new FakeSource();
  const states = [
    subscribed('Refusé'),
    subscribed('Actif'),
    subscribed('Refusé'),
    subscribed('Actif', { processCode: 'PACS' }),
    subscribed('Actif', { subscriber: { ...TOWN, branchCode: '1' } }),
  ];
  for (const state of states) source.write(`S${state.id}`, state);
  const copy = await opened(source);
  const found = copy.subscriptionsOf('EtatCivil', KEY);
  assert.deepEqual(
    found.map(({ status }) => status),
    ['Actif', 'Refusé', 'Refusé'],
  );
  assert.deepEqual(copy.subscriptionsOf('EtatCivil', 'SI-21770288300018-9'), []);
});

test('lists stay in order through changes, and count all pages', async () => {
  const source = new FakeSource();
  const write = (siret: string, name: string): void => {
    const org = { ...TOWN, companyRegister: siret };
    source.write(`O${orgKey(org)}`, { ...town(name), ...org });
  };
  for (let count = 0; count < 30; count += 1) write(String(count).padStart(14, '0'), `town ${(count * 7) % 30}`);
  const copy = await opened(source);
  const compare = (a: OrganizationState, b: OrganizationState) => compareText(a.name, b.name);
  const page = (offset: number, limit: number, group?: string) =>
    copy.organizationPage({
      order: { name: 'name', compare },
      where: (org) => org.name !== 'town 3',
      offset,
      limit,
      group,
    });
  const expected = () =>
    [...copy.organizations()]
      .map(({ name }) => name)
      .filter((name) => name !== 'town 3')
      .sort(compareText);
  const names = (items: OrganizationState[]) => items.map(({ name }) => name);

  assert.deepEqual(names(page(0, 100).items), expected());
  write('00000000000005', 'aaa');
  write('00000000000031', 'zzz');
  source.write('OSI-00000000000007-77288', null);
  await copy.fresh();
  assert.deepEqual(names(page(0, 100).items), expected());
  assert.deepEqual(names(page(10, 5).items), expected().slice(10, 15));
  assert.equal(page(10, 5).total, 29);
  assert.deepEqual(names(page(0, 5, '00000000000031').items), ['zzz']);
  assert.equal(page(0, 5, '00000000000099').total, 0);
});

test('the first end of a replaced secret follows what is made, rotated and revoked, and time', async () => {
  const source = new FakeSource();
  const copy = await opened(source);
  const client = (clientId: string, previousUntil: number | null): ClientState => ({
    clientId,
    scope: 'SI',
    organization: KEY,
    subscription: null,
    partner: null,
    secret: 'hash',
    previousSecret: previousUntil === null ? null : 'hash before',
    previousUntil,
    revoked: null,
    created: NOW,
    rotated: null,
  });
  const after = async (name: string, state: ClientState | null, now = NOW): Promise<number | undefined> => {
    source.write(`L${name}`, state);
    await copy.fresh();
    return copy.firstSecretEnd(now);
  };
  assert.equal(copy.firstSecretEnd(NOW), undefined);
  assert.equal(await after('a', client('a', null)), undefined);
  assert.equal(await after('b', client('b', NOW + 30)), NOW + 30);
  assert.equal(await after('c', client('c', NOW + 20)), NOW + 20);
  assert.equal(await after('d', client('d', NOW - 1)), NOW + 20, 'one that ended is no more to come');
  assert.equal(copy.firstSecretEnd(NOW + 20), NOW + 30, 'one ends when its time comes');
  assert.equal(await after('b', client('b', NOW + 10)), NOW + 10, 'rotated again');
  assert.equal(await after('b', client('b', null)), NOW + 20, 'revoked');
  assert.equal(await after('c', null), undefined, 'gone');
  source.rewind(1);
  await copy.fresh();
  assert.equal(await after('e', client('e', NOW + 5)), NOW + 5, 'read anew');
});
