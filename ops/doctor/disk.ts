/** Room, and how long a write takes to be on the disk: every commit waits for one. */
import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { roomOf } from '#engine/telemetry/room.ts';
import { bytes } from '#ops/console/words.ts';
import { attention, type Finding, fault, ok } from './finding.ts';

const TOPIC = 'disk';
/** A rewrite of the append-only file needs room for a second one. */
const ROOM_ATTENTION = 0.25;
const ROOM_FAULT = 0.1;
const INODES_LEFT = 0.05;
const WRITES = 40;
const WRITE_BYTES = 4_096;
/** Commits wait for two of them, Redis' and the journal's: above, a request takes tens of milliseconds. ms */
const SYNC_ATTENTION_MS = 10;
/** … and a partition commits less often than a country deposits. ms */
const SYNC_FAULT_MS = 100;

/** @param folders by what they are for; those that are not there yet are looked at where they would be made */
export async function examineDisks(folders: Readonly<Record<string, string>>): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, folder] of Object.entries(folders)) findings.push(...(await room(name, nearest(folder))));
  const [data] = Object.values(folders);
  if (data !== undefined) findings.push(syncs(nearest(data)));
  return findings;
}

function nearest(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearest(dirname(folder));
}

async function room(name: string, folder: string): Promise<Finding[]> {
  const { free, size, inodes } = await roomOf(folder);
  const what = `${name}: ${bytes(free)} of ${bytes(size)} free (${folder})`;
  const share = free / size;
  const todo = 'make room or give it a larger disk: docs/sizing.md';
  const findings = [
    share > ROOM_ATTENTION
      ? ok(TOPIC, what)
      : share > ROOM_FAULT
        ? attention(TOPIC, what, todo)
        : fault(TOPIC, what, todo),
  ];
  if (inodes.all > 0 && inodes.free / inodes.all < INODES_LEFT)
    findings.push(
      fault(TOPIC, `${name}: ${inodes.free} of ${inodes.all} inodes left`, 'each attachment takes one: a larger disk'),
    );
  return findings;
}

/** Times of small writes to disk, ms, the quickest first. */
export function syncTimes(folder: string): number[] {
  const path = join(folder, `.doctor-${process.pid}`);
  const file = openSync(path, 'w', 0o600);
  try {
    const block = Buffer.alloc(WRITE_BYTES, 1);
    return Array.from({ length: WRITES }, () => {
      const from = performance.now();
      writeSync(file, block);
      fsyncSync(file);
      return performance.now() - from;
    }).sort((a, b) => a - b);
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}

function syncs(folder: string): Finding {
  try {
    const times = syncTimes(folder);
    const [median, worst] = [times[WRITES / 2] ?? 0, times.at(-1) ?? 0];
    const what = `a synced write takes ${median.toFixed(1)} ms (median of ${WRITES}), ${worst.toFixed(1)} ms at worst`;
    if (median < SYNC_ATTENTION_MS) return ok(TOPIC, what);
    const todo = 'put the data folder on a local SSD: each answer waits for such writes';
    return median < SYNC_FAULT_MS ? attention(TOPIC, what, todo) : fault(TOPIC, what, todo);
  } catch (error) {
    return fault(
      TOPIC,
      `${folder} takes no file: ${(error as Error).message}`,
      'run as the hub’s user, or give it the folder',
    );
  }
}
