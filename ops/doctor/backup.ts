/** How old the last good backup is, as `./hub backup` notes it in the data folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BACKUP_NOTE } from '#engine/telemetry/host.ts';
import { ago, bytes } from '#ops/console/words.ts';
import { attention, type Finding, fault, ok } from './finding.ts';

const TOPIC = 'backup';
const HOUR_MS = 3_600_000;
/** One a day, and time to make it. */
const ATTENTION_HOURS = 26;
/** Two were missed. */
const FAULT_HOURS = 50;

export function examineBackup(data: string, now: number): Finding {
  const todo = './hub backup, each day, to another machine';
  let note: { at?: string; bytes?: number };
  try {
    note = JSON.parse(readFileSync(join(data, BACKUP_NOTE), 'utf8'));
  } catch {
    return attention(TOPIC, 'no backup is known of here', todo);
  }
  const age = now - Date.parse(note.at ?? '');
  if (Number.isNaN(age)) return fault(TOPIC, `${join(data, BACKUP_NOTE)} cannot be read`, todo);
  const what = `the last one is ${ago(age)} old, ${bytes(note.bytes ?? 0)}`;
  if (age < ATTENTION_HOURS * HOUR_MS) return ok(TOPIC, what);
  return age < FAULT_HOURS * HOUR_MS ? attention(TOPIC, what, todo) : fault(TOPIC, what, todo);
}
