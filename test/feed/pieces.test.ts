import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pieces } from '#api/feed/pieces.ts';
import type { FeedItem, FeedReader } from '#api/feed/reader.ts';
import { type Id, KIND, newId } from '#engine/domain/ids.ts';

/** A stream of server-sent events, on a clock of the test. */

const ORG = 'SI-21770001000019-77372';
const item = (sequence: number): FeedItem => ({
  ...{ sequence, ms: 0, type: 'deposited', box: 0, case: newId(KIND.case, 3, 0) as Id, event: null, status: null },
  process: 'EtatCivil',
});

async function all(texts: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const text of texts) found.push(text);
  return found;
}

/** What each look of the reader gives, and how long it took. */
function stream(looks: readonly [ms: number, ...FeedItem[]][], lapsed: () => 'revoked' | undefined = () => undefined) {
  let now = 0;
  let asked = 0;
  let told = 0;
  const reader = {
    stopped: false,
    async next() {
      const [ms, ...items] = looks[asked] ?? [0];
      now += ms;
      asked += 1;
      if (asked > looks.length) this.stopped = true;
      return items;
    },
  };
  const watch = {
    now: () => now,
    lapsed: async () => lapsed(),
    told: (events: number) => {
      told += events;
    },
  };
  return { texts: all(pieces(reader as unknown as FeedReader, ORG, watch)), told: () => told };
}

test('each event bears its position, which a browser gives back', async () => {
  const { texts, told } = stream([[10, item(4), item(5)]]);
  assert.match((await texts).join(''), /^id: 4\ndata: \{.*"sequence":"4".*\}\n\nid: 5\ndata: .*\n\n$/);
  assert.equal(told(), 2);
});

test('without news it gives a sign of life every 15 s', async () => {
  const { texts } = stream(Array.from({ length: 6 }, () => [5_000] as [number]));
  assert.deepEqual(await texts, [': rien de nouveau\n\n', ': rien de nouveau\n\n']);
});

test('it ends within 10 s of the end of its token, and says why', async () => {
  let revoked = false;
  const { texts, told } = stream(
    [
      [5_000, item(1)],
      [100, item(2)],
      [5_000, item(3)],
    ],
    () => {
      const now = revoked;
      revoked = true;
      return now ? 'revoked' : undefined;
    },
  );
  const given = await texts;
  assert.equal(told(), 2);
  assert.equal(given.at(-1), 'event: close\ndata: {"code":4012,"reason":"Client révoqué"}\n\n');
});
