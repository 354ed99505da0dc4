/** What operators did to a hub by its commands: kept in its data folder, each line bound to the one before. */
import { type KeyObject, randomUUID } from 'node:crypto';
import {
  chownSync,
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { chainBehind, chained, chainOf } from '#api/access/entry.ts';
import { deriveKey } from '#engine/client/keys.ts';
import { Database } from '#engine/sqlite.ts';
import { NotDone } from '#ops/life.ts';

/** `asked` is written before anything is done: one without an end behind it was cut short, and may have been done. */
export type State = 'asked' | 'done' | 'refused' | 'failed';

/** One line. */
export interface Act {
  /** ISO 8601, UTC, by the clock of the operator's machine */
  at: string;
  /** the same in both lines of an act */
  act: string;
  /** the account the command ran as, and who became it by sudo, as sudo says */
  user: string;
  sudo?: string;
  host: string;
  /** command and word: `dead replay` */
  what: string;
  /** what it was done to: a letter, an actor, a partition, slots */
  on: string;
  state: State;
  /** how it ended, for a reader */
  note?: string;
}

/** What an act came to. */
export interface Outcome {
  state: 'done' | 'refused';
  note: string;
}

export interface Verdict {
  acts: number;
  /** number of the first line that is not what was written there; 0: all are right */
  damaged: number;
}

const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_DSYNC;
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** Another operator's line takes no longer, ms. */
const TURN_MS = 10_000;

/** The file, in its folder. */
export const ACTS = 'operations.jsonl';
export const actsFolder = (data: string): string => join(data, 'audit');
const fileOf = (data: string): string => join(actsFolder(data), ACTS);

export const actsKey = (masterKey: Uint8Array): KeyObject => deriveKey(masterKey, 'operations log');

/** Who runs this process. An account without a name shows as its number. */
export function operator(): Pick<Act, 'user' | 'sudo' | 'host'> {
  const sudo = process.env['SUDO_USER'];
  return { user: nameOfUser(), ...(sudo && { sudo }), host: hostname() };
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.());
  }
}

/**
 * Does something to a hub, and has it written down: that it was asked before, how it ended after. What cannot be written
 * down is not done, unless there is who is told of it.
 * @param unwritten told of a line that could not be written: the act is done all the same
 * @throws what `run` throws, and without `unwritten` Error when the file takes no line
 */
export async function audited(
  data: string,
  masterKey: Uint8Array,
  { what, on }: Pick<Act, 'what' | 'on'>,
  run: () => Promise<Outcome>,
  unwritten?: (error: Error) => void,
): Promise<Outcome> {
  const key = actsKey(masterKey);
  const act = { act: randomUUID(), ...operator(), what, on };
  const write = (state: State, note?: string): void => {
    try {
      append(data, key, { at: new Date().toISOString(), ...act, state, ...(note !== undefined && { note }) });
    } catch (error) {
      if (unwritten === undefined) throw error;
      unwritten(error as Error);
    }
  };
  write('asked');
  let outcome: Outcome;
  try {
    outcome = await run();
  } catch (error) {
    write('failed', (error as Error).message);
    throw error;
  }
  write(outcome.state, outcome.note);
  return outcome;
}

/**
 * Writes down what is over already, by an act that made the folder its lines belong to.
 * @throws Error when the file takes no line
 */
export function writtenAfter(
  data: string,
  masterKey: Uint8Array,
  { what, on, state, note }: Pick<Act, 'what' | 'on' | 'state'> & { note: string },
  began: Date,
): void {
  const key = actsKey(masterKey);
  const act = { act: randomUUID(), ...operator(), what, on };
  append(data, key, { at: began.toISOString(), ...act, state: 'asked' });
  append(data, key, { at: new Date().toISOString(), ...act, state, note });
}

/** One line at a time, on disk when it returns. */
function append(data: string, key: KeyObject, act: Act): void {
  mkdirSync(actsFolder(data), { recursive: true, mode: PRIVATE_FOLDER });
  const lockFile = join(actsFolder(data), 'lock.sqlite');
  const lock = new Database(lockFile, { busyMs: TURN_MS });
  const file = openSync(fileOf(data), FLAGS, PRIVATE_FILE);
  try {
    handOver(data, [actsFolder(data), lockFile, fileOf(data)]);
    lock.exec('BEGIN EXCLUSIVE');
    const { lines, bytes } = wholeLines(readFileSync(fileOf(data)));
    // what a crash cut in the middle of a line was said to nobody
    if (bytes < fstatSync(file).size) ftruncateSync(file, bytes);
    const { line } = chained(key, chainOf(lines.at(-1) ?? '') ?? '', act);
    const text = Buffer.from(line);
    if (writeSync(file, text) < text.length) throw new NotDone(`no room for a line in ${fileOf(data)}: make some`);
  } finally {
    closeSync(file);
    lock.close();
  }
}

/** What root made is the hub's own user's, as all in its folder: the backup of the night writes its line as that user. */
function handOver(data: string, paths: readonly string[]): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(data);
  try {
    for (const path of paths) chownSync(path, uid, gid);
  } catch (error) {
    // On a share that takes root for nobody, root gives nothing away.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  }
}

function wholeLines(content: Buffer): { lines: string[]; bytes: number } {
  const bytes = content.lastIndexOf('\n') + 1;
  const text = content.toString('utf8', 0, bytes);
  return { lines: text === '' ? [] : text.slice(0, -1).split('\n'), bytes };
}

function read(data: string): string[] {
  try {
    return wholeLines(readFileSync(fileOf(data))).lines;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** All lines that can be read, oldest first. */
export function actsOf(data: string): Act[] {
  return read(data).flatMap((line) => {
    try {
      return [JSON.parse(line) as Act];
    } catch {
      return [];
    }
  });
}

/** Whether all lines are those that were written. Lines missing at the end are not found. */
export function verifyActs(data: string, key: KeyObject): Verdict {
  const lines = read(data);
  let chain = '';
  for (const [index, line] of lines.entries()) {
    const next = chainBehind(key, chain, line);
    if (next === undefined) return { acts: index, damaged: index + 1 };
    chain = next;
  }
  return { acts: lines.length, damaged: 0 };
}
