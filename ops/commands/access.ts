/**
 * `./hub access [--verify]`: the log of what agents read, in a data folder: its days, or whether all its lines are those that
 * were written. A hub may run meanwhile.
 *
 * Exit codes: 0 done, 1 not possible or something is wrong, 2 wrong words.
 */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { accessFolder, filesOf } from '#api/access/days.ts';
import { accessKey } from '#api/access/key.ts';
import { verify } from '#api/access/verify.ts';
import { loadConfig } from '#engine/config.ts';
import { say } from '#ops/life.ts';
import { usualData } from '#ops/services.ts';

async function show(folder: string): Promise<number> {
  const files = await filesOf(folder);
  for (const { name } of files) console.log(`${name} ${statSync(join(folder, name)).size} bytes`);
  if (files.length === 0) say(`nothing in ${folder}: no agent has read anything`);
  return 0;
}

async function check(data: string): Promise<number> {
  // the key is the hub's own: nothing of the configuration but it is looked at
  const { masterKey } = loadConfig({ HUB_REDIS_URL: 'redis://127.0.0.1', ...process.env }, { role: 'api', data });
  const { files, entries, damages } = await verify(accessFolder(data), accessKey(masterKey), Date.now());
  for (const { file, line, what } of damages) console.log(`${file}${line === 0 ? '' : `:${line}`} ${what}`);
  console.log(`${files} files, ${entries} entries that are right, ${damages.length} damages`);
  return damages.length === 0 ? 0 : 1;
}

function wordsOf(): { data: string; verify: boolean } | undefined {
  try {
    const { values } = parseArgs({ options: { data: { type: 'string' }, verify: { type: 'boolean' } } });
    return { data: resolve(values.data ?? usualData), verify: values.verify ?? false };
  } catch (error) {
    say(`${(error as Error).message}. There is: ./hub access [--verify] [--data=DIR]`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const words = wordsOf();
  if (words === undefined) return 2;
  return words.verify ? await check(words.data) : await show(accessFolder(words.data));
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
