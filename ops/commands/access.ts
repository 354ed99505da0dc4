/**
 * `./hub access [--verify]`: the log of what agents read, in a data folder: its days, or whether all its lines are those that
 * were written. A hub may run meanwhile.
 *
 * Exit codes: 0 done, 1 not possible or something is wrong, 2 wrong words.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { accessFolder, filesOf } from '#api/access/days.ts';
import { accessKey } from '#api/access/key.ts';
import { verify } from '#api/access/verify.ts';
import { loadConfig } from '#engine/config.ts';
import { dataOf } from '#ops/console/target.ts';
import { options, say } from '#ops/life.ts';
import { once } from '#ops/once.ts';

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

await once(async () => {
  const given = options(['data'], ['verify']);
  const data = dataOf(given['data']);
  return given['verify'] ? await check(data) : await show(accessFolder(data));
});
