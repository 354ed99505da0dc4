import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { partitionOfKey } from '#engine/redis/keys.ts';
import { startRedis } from '#ops/redis/server.ts';
import { newest } from '../aof.ts';
import { flipBit } from '../bits.ts';
import { type Dataset, type Difference, differences, readDataset } from '../dataset.ts';
import type { Fault } from '../fault.ts';
import type { Flip } from '../flip.ts';
import type { Site } from '../site.ts';

/** What a wrong element changed is told, or gone, by then: a read may come as late as the next time a desk lists. ms */
const NOTICED_MS = 30_000;
const LOOK_MS = 500;
const FOLDER = 'appendonlydir';

/** Redis' file as it lies there now, on a folder of its own. */
function copyOf(site: Site): string {
  const dir = mkdtempSync(join(site.dir, 'copy-'));
  cpSync(join(site.store.dir, FOLDER), join(dir, FOLDER), { recursive: true });
  return dir;
}

/** What a server makes of that folder, which goes. */
async function loaded(dir: string): Promise<Dataset> {
  const server = await startRedis({ dir });
  try {
    return await readDataset(server.url);
  } finally {
    await server.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The log's lines that tell of this difference, or of its partition's repair. */
function told(said: string, { key, element }: Difference): string | undefined {
  const partition = partitionOfKey(key);
  const record = key.slice(key.indexOf('}') + 1);
  for (const line of said.split('\n')) {
    const where = line.includes(`"partition":${partition},`);
    if (where && line.includes('"records.repaired"')) return 'the audit puts it right';
    if (where && element.includes(':n ') && line.includes('"figures.strange"'))
      return 'a figure of an unknown name is told, and shown to nobody';
    if (where && line.includes('"keys.damaged"')) return 'keys of another form are told';
    if (where && line.includes('"commits.mended"')) return 'commits are done again from the journal';
    if (where && line.includes('"commits.lost"')) return 'commits are told as lost';
    if (where && line.includes('"decision.threw"')) return 'a decision refuses the record';
    if (line.includes('cannot be read') && (line.includes(record) || line.includes(element)))
      return 'a read refuses it';
  }
  return undefined;
}

async function fateOf(site: Site, before: number, found: readonly Difference[]): Promise<Flip> {
  const ways = new Set<string>();
  let open = [...found];
  for (const deadline = performance.now() + NOTICED_MS; ; await pause(LOOK_MS)) {
    const said = site.said.slice(before);
    open = open.filter((one) => {
      const way = told(said, one);
      if (way !== undefined) ways.add(way);
      return way === undefined;
    });
    if (open.length === 0) return { fate: 'noticed', how: [...ways].join(', ') };
    // What was written anew, or removed, is not there to be read any more.
    const live = await readDataset(site.store.url);
    open = open.filter(({ element, wrong }) => live.get(element) === wrong);
    if (open.length === 0)
      return ways.size > 0
        ? { fate: 'noticed', how: [...ways].join(', ') }
        : { fate: 'unread', how: 'in what was written over before anybody read it' };
    if (performance.now() > deadline) break;
  }
  const lines = open.slice(0, 3).map(({ element, sound, wrong }) => `${element}: ${sound} became ${wrong}`);
  return { fate: 'unnoticed', how: lines.join('; ') };
}

/**
 * A bit of a stopped Redis' append-only file is wrong. When Redis refuses the file, its operator brings a sound copy;
 * when it does not see it, the product must. Two servers of the run's own tell what the bit changed, if anything.
 */
export const redisBit: Fault = {
  name: 'redis-bit',
  layout: 'one',
  async act(site, random) {
    await site.killRedis();
    const { path, size } = newest(site.store.dir);
    const sound = copyOf(site);
    const { mend } = flipBit(path, random, size);
    const wrong = copyOf(site);
    const before = site.said.length;
    try {
      await site.store.start();
    } catch {
      mend();
      await site.store.start();
      site.noteFlip({ fate: 'noticed', how: 'Redis refuses the file' });
      return;
    }
    if (statSync(path).size < size) {
      site.noteFlip({ fate: 'noticed', how: 'Redis cuts its file there, and says so' });
      return;
    }
    const found = differences(await loaded(sound), await loaded(wrong));
    if (found.length === 0) site.noteFlip({ fate: 'unread', how: 'in what was written over since' });
    else site.noteFlip(await fateOf(site, before, found));
  },
};
