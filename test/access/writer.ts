import { createSecretKey } from 'node:crypto';
import { writeSync } from 'node:fs';
import { Registry } from 'prom-client';
import { AccessLog } from '#api/access/log.ts';
import { AccessCounts } from '#engine/telemetry/access.ts';

/** A process to be killed: writes entries, some at a time, and says which are on disk. */

const log = new AccessLog({
  folder: process.argv[2] as string,
  key: createSecretKey(Buffer.alloc(32, 7)),
  clock: Date.now,
  counts: AccessCounts.of(new Registry()),
  onError: () => undefined,
});

async function one(): Promise<void> {
  for (let n = 0; ; n += 1) {
    const request = `${process.pid}/${Math.random()}/${n}`;
    const at = new Date().toISOString();
    const said = {
      at,
      kind: 'case',
      route: 'GET /x',
      agent: 'a',
      org: 'o',
      session: 's',
      cases: ['c'],
      request,
    } as const;
    await log.write(said);
    writeSync(1, `${request}\n`);
  }
}
for (let n = 0; n < 16; n += 1) void one();
