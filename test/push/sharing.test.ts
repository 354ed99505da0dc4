import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { Feed } from '#gateway/client/feed.ts';
import type { FeedEvent } from '#gateway/client/frames.ts';
import { clientCredentials } from '#gateway/client/token.ts';
import { ORLY } from '#test/contract/country.ts';
import { deposit, startHub, type World } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';
import { Cable } from './cable.ts';
import { Line } from './line.ts';

/** Several connections of one reader, by the reference client, on the real hub, over wires that break. */

const FEED = '/relais/v1/feed';
const CASES = 6;
const ROUNDS = 20;
const FEEDS = 3;
/** One event in so many breaks a wire. */
const CUT_EACH = 9;

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

const end = async (): Promise<number> =>
  Number((await world.dgs.get(`${FEED}?after=0&limit=250`)).headers['relais-position']);

/** A choice that is the same in each run. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const cases = async (count: number): Promise<string[]> => {
  const made: string[] = [];
  for (let n = 0; n < count; n += 1) made.push((await deposit(world.dgs, { to: [ORLY] })).cases[0].id);
  return made;
};

const say = (id: string): Promise<Json> =>
  world.orly.post(`/teledossiers/v1/cases/${id}/events`, {
    actionType: 'STATUS_UPDATE',
    notification: true,
    caseNewStatus: 'IN_PROGRESS',
  });

test('wires that break lose nothing, and the events of a case are dealt with in order', async (t) => {
  const ids = await cases(CASES);
  const from = await end();
  const random = chances(7);
  const done = new Map<string, number[]>();
  const places = Array.from({ length: ROUNDS }, (_, round) => from + 1 + round * CASES);
  const expected = new Map(ids.map((id, n) => [id, places.map((place) => place + n)]));
  const twice = { count: 0 };
  const cables = await Promise.all(Array.from({ length: FEEDS }, () => Cable.open(world.url)));
  const all = Promise.withResolvers<void>();
  let [handled, position] = [0, 0];
  const onEvent = async ({ subject, sequence }: FeedEvent): Promise<void> => {
    const before = done.get(subject) ?? [];
    done.set(subject, before);
    const mine = Number(sequence);
    // Whatever comes of this case now, what came before was dealt with.
    const missing = expected.get(subject)?.filter((other) => other < mine && !before.includes(other)) ?? [mine];
    if (missing.length > 0) all.reject(new Error(`${mine} before ${missing}`));
    handled += 1;
    if (random() < 1 / CUT_EACH) cables[Math.floor(random() * FEEDS)]?.cut();
    for (let n = Math.floor(random() * 5); n > 0; n -= 1) await turn();
    if (before.includes(mine)) twice.count += 1;
    else before.push(mine);
  };
  const source = clientCredentials(world.url, world.dgs.clientId, world.dgs.clientSecret, 'OSL');
  const last = from + CASES * ROUNDS;
  // The cursor begins where this test does; its connections then share it.
  await (await Line.open(world.url, world.dgs.token, { consumer: 'partage', after: from })).close();
  const feeds = cables.map(
    ({ url }) =>
      new Feed({
        url,
        token: source,
        consumer: 'partage',
        credit: 4,
        onEvent,
        onFrame: (frame) => {
          if (frame.type === 'acknowledged') position = Math.max(position, frame.position);
          if (position >= last) all.resolve();
        },
      }),
  );
  const runs = feeds.map((feed) => feed.run());
  try {
    for (let round = 0; round < ROUNDS; round += 1) for (const id of ids) assert.equal((await say(id)).status, 201);
    await all.promise;
  } finally {
    for (const feed of feeds) feed.stop();
    await Promise.all(runs);
    for (const cable of cables) cable.close();
  }
  for (const id of ids) assert.deepEqual([...(done.get(id) ?? [])], expected.get(id), 'each event, in order');
  const left = (await world.dgs.get(`${FEED}/consumers`)).json.find(({ consumer }: Json) => consumer === 'partage');
  assert.equal(left.acknowledged, last);
  t.diagnostic(`${handled} handled, ${twice.count} more than once`);
  assert(handled >= CASES * ROUNDS);
});

test('a case with unacknowledged events stays with its connection; what a dead one had goes on, in order', async () => {
  const [one, two] = (await cases(2)) as [string, string];
  const from = await end();
  const open = (more: Json = {}): Promise<Line> =>
    Line.open(world.url, world.dgs.token, { consumer: 'deux', credit: 2, ...more });
  const a = await open({ after: from });
  await say(one);
  await a.got(1);
  const b = await open();
  await say(one);
  await say(two);
  await Promise.all([a.got(2), b.got(1)]);
  await say(one);
  await say(two);
  await b.got(2);
  assert.deepEqual(
    [a.sequences, b.sequences],
    [
      [from + 1, from + 2],
      [from + 3, from + 5],
    ],
  );
  await b.acknowledge(from + 5);
  a.socket.close();
  await b.got(4);
  assert.deepEqual(b.sequences.slice(2), [from + 1, from + 2]);
  await b.acknowledge(from + 1);
  await b.got(5);
  assert.deepEqual(b.sequences.slice(4), [from + 4]);
  await b.acknowledge(from + 4);
  await b.saved(from + 5);
  await b.close();
});

test('the reference client renews its token, tries again what its handler rejects, and says when it is refused', async () => {
  const from = await end();
  const [id] = (await cases(1)) as [string];
  const source = clientCredentials(world.url, world.dgs.clientId, world.dgs.clientSecret, 'OSL');
  const [renewed, dealt] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const troubles: unknown[] = [];
  const feed = new Feed({
    url: world.url,
    token: async () => ({ ...(await source()), seconds: 0.01 }),
    tokenIn: 'frame',
    consumer: 'fidèle'.replace('è', 'e'),
    after: from,
    onEvent: async () => {
      if (troubles.length === 0) throw new Error('not yet');
      dealt.resolve();
    },
    onTrouble: (trouble) => troubles.push(trouble),
    onFrame: ({ type }) => {
      if (type === 'renewed') renewed.resolve();
    },
  });
  const run = feed.run();
  await say(id);
  await Promise.all([renewed.promise, dealt.promise]);
  feed.stop();
  await run;
  assert.equal((troubles[0] as Error).message, 'not yet');
  const admin = new Feed({
    url: world.url,
    token: async () => ({ value: world.admin.token, seconds: 60 }),
    onEvent: () => undefined,
  });
  await assert.rejects(admin.run(), { name: 'FeedRefused', code: 4003 });
});
