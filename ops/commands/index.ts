/**
 * `./hub index [--rebuild]`: how the lists of a data folder are, or makes them anew.
 *
 * A hub that runs is asked by a file in its folder, and goes on answering from what there is; without one, the file of the
 * index is thrown away, and the next start makes it. Exit codes: 0 done, 1 not possible, 2 wrong words.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { discard, indexFolder, lock, openToRead, wishOf } from '#api/index/file.ts';
import { Search } from '#api/index/search.ts';
import { say } from '#ops/life.ts';
import { usualData } from '#ops/services.ts';

const LOOK_MS = 500;

/** Undefined: there is no index. */
function stateOf(folder: string): ReturnType<Search['state']> | undefined {
  const db = openToRead(folder);
  try {
    return db && new Search(db).state();
  } finally {
    db?.close();
  }
}

function show(folder: string): number {
  const state = stateOf(folder);
  if (state === undefined) {
    say(`no index in ${folder}: a hub that runs on this data folder makes one, unless HUB_INDEX=off`);
    return 1;
  }
  const held = lock(folder);
  held?.close();
  const rebuilt = state.rebuilt === 0 ? 'never rebuilt' : `rebuilt ${new Date(state.rebuilt).toISOString()}`;
  console.log(
    `${state.rows} cases, ${state.unread} unread, ${rebuilt}, ${held ? 'nobody writes it' : 'written by a hub'}`,
  );
  return 0;
}

async function rebuild(folder: string): Promise<number> {
  if (!existsSync(folder)) return show(folder);
  if (discard(folder)) {
    say('no hub runs on this folder: the index is thrown away, and the next start makes it anew');
    return 0;
  }
  const before = stateOf(folder)?.rebuilt ?? 0;
  writeFileSync(wishOf(folder), '', { mode: 0o600 });
  say('the hub that runs reads everything again; its lists go on meanwhile');
  for (;;) {
    await delay(LOOK_MS);
    const state = stateOf(folder);
    if (state !== undefined && state.rebuilt > before && !existsSync(wishOf(folder))) return show(folder);
    if (discard(folder)) {
      say('the hub ended before it was done: the next start makes the index anew');
      return 0;
    }
  }
}

function wordsOf(): { data: string; rebuild: boolean } | undefined {
  try {
    const { values } = parseArgs({ options: { data: { type: 'string' }, rebuild: { type: 'boolean' } } });
    return { data: values.data ?? usualData, rebuild: values.rebuild ?? false };
  } catch (error) {
    say(`${(error as Error).message}. There is: ./hub index [--rebuild] [--data=DIR]`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const words = wordsOf();
  if (words === undefined) return 2;
  const folder = indexFolder(resolve(words.data));
  return words.rebuild ? await rebuild(folder) : show(folder);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    say(error.message);
    process.exitCode = 1;
  },
);
