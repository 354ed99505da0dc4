import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { ORLY } from '#test/contract/country.ts';
import { deposit, startHub } from '#test/contract/hub.ts';

const FEED = '/relais/v1/feed';

test('a hub ends without waiting for the readers of its feeds', async () => {
  const world = await startHub();
  let stopped = false;
  try {
    await deposit(world.dgs, { to: [ORLY] });
    let streaming = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      streaming = resolve;
    });
    const ended = new Promise<void>((resolve, reject) => {
      const asked = request(`${world.url}${FEED}/stream`, { headers: { Authorization: `Bearer ${world.orly.token}` } });
      asked.on('response', (response) => response.on('data', streaming).on('close', resolve));
      asked.on('error', reject);
      asked.end();
    });
    await opened;
    const waiting = world.orly.get(`${FEED}?after=1&wait=25`);
    // The long poll is waiting once a later request is answered.
    await world.orly.get(FEED);
    const begun = performance.now();
    await world.stop();
    stopped = true;
    await ended;
    assert.deepEqual((await waiting).json, []);
    assert.ok(performance.now() - begun < 20_000, 'it waited for the long poll');
  } finally {
    if (!stopped) await world.stop();
  }
});
