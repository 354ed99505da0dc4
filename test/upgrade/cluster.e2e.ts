import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connect, disconnect, masters, reach, replicas } from '#engine/redis/connect.ts';
import { CONTROL } from '#engine/redis/keys.ts';
import { LIBRARIES, LIBRARY } from '#engine/redis/library.ts';
import { startCluster } from '#ops/redis/cluster.ts';
import { Ground, THIS } from './ground.ts';
import { makeNext, NEXT } from './next.ts';
import { finalised } from './steps.ts';
import { calm, stories, tryUnder } from './trial.ts';

/** Other tests run beside this one. */
const TOWNS = 2;
/** Of a cluster of three masters, a replica each. */
const NODES = 6;

/** What each node has: its functions' libraries, by their names. */
async function libraries(url: string): Promise<string[][]> {
  const client = connect(url, () => undefined);
  try {
    await reach(client);
    return await Promise.all(
      [...masters(client), ...replicas(client)].map(async (node) => {
        const found = (await node.function('LIST', 'LIBRARYNAME', `${LIBRARIES}*`)) as [unknown, string][];
        return found.map(([, name]) => name).sort();
      }),
    );
  } finally {
    await disconnect(client);
  }
}

async function formatOf(url: string): Promise<string | null> {
  const client = connect(url, () => undefined);
  try {
    await reach(client);
    return await client.hget(CONTROL.meta, 'format');
  } finally {
    await disconnect(client);
  }
}

/** Functions lie on each master by themselves, the format on one of them: what is done to all of them must reach all. */
describe('an upgrade of a hub on a cluster, finalised under load', () => {
  const folder = mkdtempSync(join(tmpdir(), 'relais-next-'));
  let [ground, next]: [Ground, string] = [] as never;
  before(async () => {
    next = makeNext(join(folder, 'next'));
    ground = await Ground.open(
      [
        ['now', 'all', THIS],
        ['next', 'all', next],
      ],
      (dir) => startCluster(dir, { 'min-replicas-to-write': '0' }),
    );
  });
  after(async () => {
    await ground?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('takes the functions of the version before from every node, and refuses no request', async (context) => {
    const act = async (done: () => void): Promise<void> => {
      await calm();
      const both = await libraries(ground.redisUrl);
      equal(both.length, NODES);
      for (const names of both) ok(names.length === 2 && names.includes(LIBRARY), names.join(' '));
      const refused = await ground.upgrade(next, 'finalise');
      equal(refused.status, 1, refused.said);
      match(refused.said, /stop them first/);
      deepEqual(await libraries(ground.redisUrl), both, 'what was refused took something away');
      await ground.members[0]?.stop();
      done();
      await finalised(ground, THIS, next, done);
      equal(await formatOf(ground.redisUrl), String(NEXT.format));
      for (const names of await libraries(ground.redisUrl))
        ok(names.length === 1 && names[0] !== LIBRARY, names.join());
    };
    const outcome = await tryUnder(ground, 'cluster', 1, act, TOWNS);
    context.diagnostic(`${outcome.requests} requests, longest without an answer ${outcome.pauseMs.toFixed(0)} ms`);
    equal(outcome.errors.length + outcome.findings.length, 0, stories(outcome));
  });
});
