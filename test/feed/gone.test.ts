import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { Readers } from '#api/feed/readers.ts';
import { routes } from '#api/routes/feed.ts';
import { Problem } from '#api/server/problems.ts';
import { FeedCounts } from '#engine/telemetry/feed.ts';
import { fakeRequest } from '#test/transport/request.ts';

/** A position older than what is kept: 410 with where to go on, on every channel over HTTP, and never a silent gap. */

const OLDEST = 41;
const page = { kept: OLDEST + 1, last: 90, processes: new Map(), entries: [], holder: undefined, next: 90 };
const feeds = {
  read: async () => page,
  resume: async () => ({ ...page, acknowledged: 7 }),
  cursor: async () => ({ acknowledged: 7, at: 0 }),
};
const pulls = { note: () => undefined };
const hub = { feeds, pulls, news: { follow: async () => () => undefined } } as never;
const registry = new Registry();
const auth = { admit: () => ({}) };
const table = routes({ hub, auth, readers: new Readers(hub), counts: { feed: FeedCounts.of(registry) } } as never);

async function refused(path: string, query: string, headers: Record<string, string> = {}): Promise<Problem> {
  const route = table.find((one) => one.path === path) ?? assert.fail(path);
  try {
    await route.handler(fakeRequest({ method: 'GET', path, query, headers }));
  } catch (error) {
    assert.ok(error instanceof Problem, String(error));
    return error;
  }
  return assert.fail('it was answered');
}

test('a reader that comes too late is told where to go on', async () => {
  const asked: [path: string, query: string, headers?: Record<string, string>][] = [
    ['/relais/v1/feed', 'after=7'],
    ['/relais/v1/feed', 'after=7&wait=25'],
    ['/relais/v1/feed', 'consumer=logiciel'],
    ['/relais/v1/feed/stream', 'after=7'],
    ['/relais/v1/feed/stream', '', { 'last-event-id': '7' }],
  ];
  for (const [path, query, headers] of asked) {
    const { code, status, detail, headers: told } = await refused(path, query, headers);
    assert.deepEqual([code, status, told?.['Relais-Oldest-Position']], ['position-gone', 410, String(OLDEST)], query);
    assert.match(detail ?? '', new RegExp(`${OLDEST}`));
  }
  assert.match(await registry.metrics(), new RegExp(`^feed_positions_gone_total ${asked.length}$`, 'm'));
});

test('where it may go on is kept', async () => {
  const route = table[0] ?? assert.fail();
  const reply = await route.handler(fakeRequest({ method: 'GET', path: '/relais/v1/feed', query: `after=${OLDEST}` }));
  assert.equal(reply.status, 200);
});
