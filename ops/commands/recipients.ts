/**
 * `./hub recipients [NAME]`: how the organisations that receive cases are: who is silent, who is behind, what is held for whom.
 *
 * Straight from Redis: no process of the hub has to answer, but an engine must have vouched for what is read. Exit codes: 0
 * done, 1 not possible or nobody of that name, 2 wrong words.
 */
import { STATES } from '#api/feed/health.ts';
import { openOnlooker } from '#engine/client/onlooker.ts';
import { reach as answers } from '#engine/redis/reach.ts';
import { matching, type RecipientRow, readRecipients, slowestFirst } from '#ops/console/recipients.ts';
import { dataOf, redisUrlOf } from '#ops/console/target.ts';
import { ago, count, table } from '#ops/console/words.ts';
import { optionsAndWords, say, WrongOption } from '#ops/life.ts';
import { once } from '#ops/once.ts';

const HEAD = ['key', 'state', 'unread', 'oldest', '> 48 h', 'last pull', 'live', 'held', 'name'];
const NUMBERS = [2, 3, 4, 5, 6, 7];

interface Words {
  wanted: string;
  state: (typeof STATES)[number] | undefined;
  json: boolean;
  data: string;
}

function wordsOf(): Words {
  const { given, words } = optionsAndWords(['data', 'state'], ['json']);
  const state = STATES.find((one) => one === given['state']);
  if (given['state'] !== undefined && state === undefined)
    throw new WrongOption(`--state=${given['state']}: there is ${STATES.join(', ')}`);
  return { wanted: words.join(' '), state, json: given['json'] === true, data: dataOf(given['data']) };
}

function show(rows: readonly RecipientRow[], now: number): void {
  const since = (ms: number | undefined): string => (ms === undefined ? '' : ago(Math.max(0, now - ms)));
  const cells = rows.map((one) => [
    one.key,
    one.state,
    count(one.unread),
    since(one.oldestUnread),
    count(one.late),
    since(one.lastPull) || '-',
    count(one.live),
    count(one.held),
    one.name,
  ]);
  for (const line of table([HEAD, ...cells], NUMBERS)) console.log(line);
}

const date = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());

await once(async () => {
  const { wanted, state, json, data } = wordsOf();
  const url = redisUrlOf(data);
  await answers(url);
  const hub = await openOnlooker(url, (error) => say(error.message));
  try {
    const all = await readRecipients(hub);
    const named = wanted === '' ? all : matching(all, wanted);
    // without a word about whom, those who need somebody
    const shown = slowestFirst(named).filter((one) =>
      state === undefined ? wanted !== '' || one.state !== 'ok' || one.held > 0 : one.state === state,
    );
    if (json)
      for (const { lastPull, oldestUnread, ...one } of shown)
        console.log(JSON.stringify({ ...one, lastPull: date(lastPull), oldestUnread: date(oldestUnread) }));
    else if (shown.length > 0) show(shown, hub.now());
    const of = (one: string): number => all.filter((row) => row.state === one).length;
    say(`${shown.length} shown of ${all.length} recipients: ${STATES.map((one) => `${of(one)} ${one}`).join(', ')}`);
    return wanted !== '' && named.length === 0 ? 1 : 0;
  } finally {
    await hub.close();
  }
});
