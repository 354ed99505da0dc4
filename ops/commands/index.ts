/**
 * `./hub index [--rebuild]`: how the lists of a data folder are, or makes them anew.
 *
 * A hub that runs is asked by a file in its folder, and goes on answering from what there is; without one, the file of the
 * index is thrown away, and the next start makes it. Exit codes: 0 done, 1 not possible, 2 wrong words.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { discard, indexFolder, lock, openToRead, wishOf } from '#api/index/file.ts';
import { Search } from '#api/index/search.ts';
import { audited } from '#ops/console/acts.ts';
import { dataOf, keyOf } from '#ops/console/target.ts';
import { options, say } from '#ops/life.ts';
import { once } from '#ops/once.ts';

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

async function main(): Promise<number> {
  const given = options(['data'], ['rebuild']);
  const data = dataOf(given['data']);
  const folder = indexFolder(data);
  if (!given['rebuild'] || !existsSync(folder)) return show(folder);
  let code = 0;
  await audited(data, keyOf(data), { what: 'index rebuild', on: folder }, async () => {
    code = await rebuild(folder);
    return { state: code === 0 ? 'done' : 'refused', note: '' };
  });
  return code;
}

await once(main);
