import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, it } from 'node:test';
import { Registry } from 'prom-client';
import { CENSUS_PACE, Census } from '#api/feed/census.ts';
import { FeedCounts } from '#engine/telemetry/feed.ts';
import { MEAUX, NOWHERE, ORLY, pdf } from '#test/contract/country.ts';
import { deposit as contractDeposit, startHub, type World } from '#test/contract/hub.ts';
import { batch, deposit, line, send, V1 } from '#test/native/calls.ts';

/** What `/metrics` says of deposits and feeds. */

let world: World;
before(async () => {
  world = await startHub();
  // before anybody asks for figures, which count the country once a minute
  for (let n = 0; n < 2; n += 1) await contractDeposit(world.dgs, { to: [MEAUX] });
  await world.meaux.put(`${V1}/feed/consumers/a`, { position: 1 });
});
after(() => world.stop());

const text = async (): Promise<string> => (await world.admin.get('/metrics')).text;
/** Value of the only series that has all of these labels. */
async function value(name: string, labels: Record<string, string> = {}): Promise<number> {
  const lines = (await text()).split('\n').filter((one) => one.startsWith(`${name}{`));
  const found = lines.filter((one) => Object.entries(labels).every(([key, word]) => one.includes(`${key}="${word}"`)));
  assert.ok(found.length <= 1, found.join('\n'));
  return Number(found[0]?.split(' ').at(-1) ?? 0);
}

it('counts deposits by what became of them, calls and lines apart', async () => {
  const [body, key] = [deposit(), randomUUID()];
  for (let n = 0; n < 2; n += 1) await send(world.dgs, body, key);
  await send(world.dgs, deposit({ to: [NOWHERE] }));
  await batch(world.dgs, [line(), line({ to: [NOWHERE] }), 'no JSON']);
  await world.dgs.call('PUT', `${V1}/files/${randomUUID()}`, {
    body: pdf(64),
    headers: { 'Content-Type': 'application/pdf' },
  });
  const count = (way: string, outcome: string): Promise<number> => value('native_deposits_total', { way, outcome });
  assert.equal(await count('call', 'deposited'), 1);
  assert.equal(await count('call', 'replayed'), 1);
  assert.equal(await count('call', 'rules-not-met'), 1);
  assert.equal(await count('batch', 'deposited'), 1);
  assert.equal(await count('batch', 'rules-not-met'), 1);
  assert.equal(await count('batch', 'form-invalid'), 1);
  assert.equal(await value('native_files_total'), 1);
  assert.equal(await value('native_file_bytes_total'), 64);
  assert.equal((await value('native_batches')) + (await value('native_lines')), 0);
});

it('counts what polls are given, and positions that are gone', async () => {
  const { length } = (await world.orly.get(`${V1}/feed?after=0`)).json;
  assert.equal(await value('feed_events_total', { channel: 'poll' }), length);
  assert.equal(await value('feed_reads_total', { channel: 'poll' }), 1);
  assert.equal(await value('feed_positions_gone_total'), 0);
});

it('tells of the country’s readers how far they are', async () => {
  const figures = ['feed_consumers', 'feed_consumers_live', 'feed_unread_entries', 'feed_recipients_behind'];
  assert.deepEqual(await Promise.all(figures.map((name) => value(name))), [1, 0, 1, 1]);
});

/** A census of feeds of which nothing is known but who has them. */
function countryOf(organizations: readonly object[], feeds: object) {
  return {
    now: () => 10_000,
    holders: { live: async () => new Set() } as never,
    feeds: feeds as never,
    referential: { organizations: () => organizations as never },
    standings: { of: async () => ({ since: undefined, late: 0 }) },
    pulls: { all: async () => new Map() },
  };
}

it('sums, and takes the highest, over readers and organisations', async () => {
  const registry = new Registry();
  const readership: object[] = [];
  const counts = FeedCounts.of(registry);
  const census = new Census(countryOf([MEAUX, ORLY], feedsOf()), {
    feed: {
      found: (one) => {
        readership.push(one);
        counts.found(one);
      },
    },
    recipients: { found: () => undefined },
  });
  await census.refresh();
  await census.refresh();
  assert.deepEqual(readership, [
    { consumers: 3, live: 0, behind: 2, unread: 5, most: 4, oldestMs: 9_000, recipients: 1 },
  ]);
  assert.match(await registry.metrics(), /^feed_unread_entries 5$/m);
  assert.match(await registry.metrics(), /^feed_oldest_unread_seconds 9$/m);
});

it('gives who scrapes what is known, while the next census goes on beside requests', async () => {
  const towns = Array.from({ length: 200 }, (_, n) => ({ ...MEAUX, branchCode: String(n).padStart(5, '0') }));
  let [counts, asked] = [0, 0];
  const cursors = async (): Promise<object> => {
    asked += 1;
    return {};
  };
  const told = { feed: { found: () => (counts += 1) }, recipients: { found: () => undefined } };
  // each scrape finds one due, which would take an hour if nobody waited for it
  const pace = { ...CENSUS_PACE, everyMs: 0, spreadMs: 3_600_000 };
  const census = new Census(countryOf(towns, { cursors }), told as never, pace);
  await census.refresh();
  assert.deepEqual([counts, asked], [1, towns.length], 'nothing was known: it is waited for');
  await census.refresh();
  assert.equal(counts, 1);
  assert.equal((await census.recipients()).length, towns.length);
  assert.deepEqual([counts, asked], [2, 2 * towns.length], 'who wants each of them waits, and it makes haste');
});

it('waits for figures that are too old, but not for long', async () => {
  let counts = 0;
  const told = { feed: { found: () => (counts += 1) }, recipients: { found: () => undefined } };
  let answers: (() => void) | undefined;
  const held = async (): Promise<object> => {
    if (counts > 0)
      await new Promise<void>((resolve) => {
        answers = resolve;
      });
    return {};
  };
  const pace = { ...CENSUS_PACE, everyMs: 0, oldestMs: 0, patienceMs: 20 };
  const census = new Census(countryOf([MEAUX], { cursors: held }), told as never, pace);
  await census.refresh();
  await census.refresh();
  assert.equal(counts, 1, 'Redis has not answered');
  answers?.();
  await census.refresh();
  assert.equal(counts, 2);
});

/** Two feeds by the letter of what `Feeds` says of them. */
function feedsOf() {
  const reader = (unread: number, since?: number) => ({ name: 'r', cursor: { acknowledged: 0, at: 0 }, unread, since });
  const feeds: Record<string, { unread: number; readers: ReturnType<typeof reader>[] }> = {
    [MEAUX.branchCode]: { unread: 0, readers: [reader(1, 4_000), reader(0)] },
    [ORLY.branchCode]: { unread: 4, readers: [reader(4, 1_000)] },
  };
  const of = (org: string) => feeds[org.slice(-5)];
  return {
    presence: async (org: string) => of(org),
    cursors: async (org: string) => Object.fromEntries((of(org)?.readers ?? []).map(({ cursor }, n) => [n, cursor])),
  };
}
