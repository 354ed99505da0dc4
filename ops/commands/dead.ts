/**
 * `./hub dead [WORD [ID]]`: messages given up and actors that wait behind them, of a hub that runs.
 *
 * Without a word: the list. Exit codes: 0 done, 1 refused or not reachable, 2 wrong words.
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openHub } from '#engine/client/hub.ts';
import { loadConfig } from '#engine/config.ts';
import { say } from '#ops/life.ts';
import { lastPort } from '#ops/redis/server.ts';
import { usualData } from '#ops/services.ts';

const WORDS = {
  list: 'the dead letters',
  parked: 'the actors whose messages wait',
  replay: 'decides letter ID again, then what waited behind it',
  discard: 'forgets letter ID, then decides what waited behind it',
  park: 'lets the messages of actor ID wait',
  unpark: 'decides what waited for actor ID, unless it waits behind a letter',
} as const;
type Word = keyof typeof WORDS;

/** Letters shown at once. */
const PAGE = 1_000;

const usage = Object.entries(WORDS)
  .map(([word, meaning]) => `  ./hub dead ${word.padEnd(8)} ${meaning}`)
  .join('\n');

async function run(word: Word, id: string, data: string): Promise<number> {
  const port = lastPort(join(data, 'redis'));
  const redisUrl = process.env['HUB_REDIS_URL'] || (port ? `redis://127.0.0.1:${port}` : '');
  if (redisUrl === '') {
    say(`no hub ran on ${data}: name its Redis in HUB_REDIS_URL, or its folder with --data=DIR`);
    return 1;
  }
  const config = loadConfig({ ...process.env, HUB_REDIS_URL: redisUrl }, { role: 'api', data });
  const hub = await openHub(config, (error) => say(error.message));
  try {
    const date = (ms: number): string => new Date(ms).toISOString();
    if (word === 'list') {
      const letters = await hub.dead.list({ limit: PAGE });
      for (const one of letters) console.log(`${one.id}\t${date(one.at)}\t${one.kind}\t${one.actor}\t${one.error}`);
      say(`${letters.length}${letters.length === PAGE ? ' or more' : ''} dead letters`);
      return 0;
    }
    if (word === 'parked') {
      const actors = await hub.dead.parked({ limit: PAGE });
      for (const one of actors)
        console.log(
          `${one.id}\t${date(one.since)}\t${one.waiting} waiting\t${one.letter ?? (one.draining ? 'draining' : '')}`,
        );
      say(`${actors.length}${actors.length === PAGE ? ' or more' : ''} parked actors`);
      return 0;
    }
    const { status, body } = await hub.dead[word](id);
    if (status < 400) return 0;
    say((body as { message: string }).message);
    return 1;
  } finally {
    await hub.close();
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { data: { type: 'string' } }, allowPositionals: true });
  const [word = 'list', id = ''] = positionals;
  const takesId = word !== 'list' && word !== 'parked';
  if (!(word in WORDS) || takesId !== (id !== '') || positionals.length > 2) {
    say(`./hub dead ${positionals.join(' ')}: no such command. There is:\n${usage}`);
    return 2;
  }
  return run(word as Word, id, resolve(values.data ?? usualData));
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
