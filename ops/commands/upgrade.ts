/**
 * `./hub upgrade [finalise]`: which versions run on a hub, and the format all of them write; or the end of an upgrade, after
 * which the version before cannot come back. `rehearse` plays restarts and an upgrade under load, on a Redis of its own. Exit codes: 0 done, 1 refused or not reachable, 2 wrong words.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '#engine/config.ts';
import { audited } from '#ops/console/acts.ts';
import { dataOf, keyOf, redisUrlOf } from '#ops/console/target.ts';
import { optionsAndWords, say } from '#ops/life.ts';
import { once } from '#ops/once.ts';
import { projectFolder } from '#ops/place.ts';
import { openRegister, type Register, table } from '#ops/upgrade/register.ts';

async function show(register: Register): Promise<number> {
  const { format, parts } = await register.look();
  console.log(table(format, parts));
  return 0;
}

/** Written down as all that cannot be taken back (`./hub acts`). */
async function finalise(register: Register, data: string): Promise<number> {
  const { state } = await audited(data, keyOf(data), { what: 'upgrade finalise', on: 'the hub' }, async () => {
    const done = await register.finalise();
    if (done.behind.length > 0) {
      say(
        `these still run and do not read format ${done.wanted}; stop them first (one that was killed is forgotten after 10 s):`,
      );
      console.log(table(done.format, done.behind));
      return { state: 'refused', note: `${done.behind.length} parts do not read format ${done.wanted}` };
    }
    const gone = done.forgotten.length > 0 ? `; removed ${done.forgotten.join(' ')}` : '';
    say(
      done.raised
        ? `the hub writes format ${done.format} now: versions that do not read it cannot start any more`
        : `the hub writes format ${done.format} already, the last one this version knows`,
    );
    if (gone !== '') say(`functions that no version uses any more, removed: ${done.forgotten.join(' ')}`);
    return { state: 'done', note: `format ${done.format}${gone}` };
  });
  return state === 'done' ? 0 : 1;
}

const REHEARSE = 'rehearse';

/** Real processes, in a program of its own: tests are no part of operations. */
function rehearse(words: readonly string[]): number {
  const program = join(projectFolder, 'test/upgrade/rehearse.ts');
  if (!existsSync(program)) {
    say('this installation has no tests, as an image has none: rehearse from the sources of the version');
    return 1;
  }
  const run = spawnSync(process.execPath, [program, ...words], { stdio: 'inherit' });
  return run.status ?? 1;
}

async function main(): Promise<number> {
  if (process.argv[2] === REHEARSE) return rehearse(process.argv.slice(3));
  const { given, words } = optionsAndWords(['data']);
  const [word] = words;
  if (words.length > 1 || (word !== undefined && word !== 'finalise')) {
    say(`./hub upgrade ${words.join(' ')}: no such command. There is: finalise, rehearse`);
    return 2;
  }
  const data = dataOf(given['data']);
  const config = loadConfig({ ...process.env, HUB_REDIS_URL: redisUrlOf(data) }, { role: 'api', data });
  const register = await openRegister(config, (error) => say(error.message));
  try {
    return await (word === 'finalise' ? finalise(register, data) : show(register));
  } finally {
    await register.close();
  }
}

await once(main);
