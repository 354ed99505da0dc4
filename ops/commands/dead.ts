/**
 * `./hub dead [WORD [ID]]`: messages given up and actors that wait behind them, of a hub that runs.
 *
 * Without a word: the list. What is done is written down (ops/console/acts.ts). Exit codes: 0 done, 1 refused or not reachable, 2 wrong words.
 */
import { openHub } from '#engine/client/hub.ts';
import { loadConfig } from '#engine/config.ts';
import { audited } from '#ops/console/acts.ts';
import { dataOf, redisUrlOf } from '#ops/console/target.ts';
import { optionsAndWords, say } from '#ops/life.ts';
import { once } from '#ops/once.ts';

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
  const env = { ...process.env, HUB_REDIS_URL: redisUrlOf(data) };
  const config = loadConfig(env, { role: 'api', data });
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
    const { state, note } = await audited(data, config.masterKey, { what: `dead ${word}`, on: id }, async () => {
      const { status, body } = await hub.dead[word](id);
      if (status < 400) return { state: 'done', note: '' };
      return { state: 'refused', note: (body as { message: string }).message };
    });
    if (state === 'done') return 0;
    say(note);
    return 1;
  } finally {
    await hub.close();
  }
}

async function main(): Promise<number> {
  const { given, words } = optionsAndWords(['data']);
  const [word = 'list', id = ''] = words;
  const takesId = word !== 'list' && word !== 'parked';
  if (!(word in WORDS) || takesId !== (id !== '') || words.length > 2) {
    say(`./hub dead ${words.join(' ')}: no such command. There is:\n${usage}`);
    return 2;
  }
  return run(word as Word, id, dataOf(given['data']));
}

await once(main);
