/**
 * `./hub partitions [release N]`: who owns which partition and what waits there; `release` takes one from its owner.
 *
 * Reads Redis only: it answers when no process of the hub does. Exit codes: 0 done, 1 not possible, 2 wrong words.
 */
import { type PartitionsView, readPartitions } from '#engine/client/partitions.ts';
import { ALL_PARTITIONS, REFERENTIAL } from '#engine/domain/placement.ts';
import { PACE } from '#engine/partition/limits.ts';
import { LEVELS } from '#engine/redis/durability.ts';
import { audited, type Outcome } from '#ops/console/acts.ts';
import { release, TAKEN_MS } from '#ops/console/release.ts';
import { dataOf, keyOf, openRedis, redisUrlOf } from '#ops/console/target.ts';
import { ago, count, moment, table } from '#ops/console/words.ts';
import { optionsAndWords, say, WrongOption } from '#ops/life.ts';
import { once } from '#ops/once.ts';

const NUMBERS = [3, 4, 5, 6, 7, 8];

function show({ now, members, partitions, away }: PartitionsView): void {
  const rows = partitions.map((one) => [
    one.number === REFERENTIAL ? `${one.number} referential` : String(one.number),
    one.owner || 'NOBODY',
    one.epoch === 0 ? '' : `${one.epoch}`,
    one.epoch === 0 ? '' : ago(Math.max(0, now - one.epoch)),
    count(one.commits),
    count(one.backlog),
    one.backlog === 0 ? '' : ago(one.oldestMs),
    count(one.outbox),
    `${one.dead}+${one.parked}`,
  ]);
  const head = ['partition', 'owner', 'epoch', 'held', 'commits', 'waiting', 'oldest', 'outbox', 'dead+parked'];
  for (const line of table([head, ...rows], NUMBERS)) console.log(line);
  for (const { name, silentMs } of members) {
    const owned = partitions.filter(({ owner }) => owner === name).length;
    const state = silentMs > PACE.silenceMs ? 'SILENT' : 'live';
    say(`engine ${name}: ${state}, last sign of life ${ago(silentMs)} ago, ${owned} partitions`);
  }
  const alone = partitions.filter(({ owner }) => owner === '').length;
  const unknown = away.length === 0 ? '' : `, and of ${away.length} the server does not answer: ${away.join(' ')}`;
  say(`${moment(now)} UTC: ${partitions.length - alone} partitions have an owner, ${alone} have none${unknown}`);
}

/** Replicas that must have it, as the engines' configuration says. */
const replicas = (): number =>
  (process.env['HUB_DURABILITY'] || LEVELS[0]) === 'replicated' ? Number(process.env['HUB_REPLICAS'] || 1) : 0;

function numberOf(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN;
  if (number < ALL_PARTITIONS) return number;
  throw new WrongOption(`partition ${text}: there are 0 to ${ALL_PARTITIONS - 1}`);
}

function wordsOf(): { number: number | undefined; data: string } {
  const { given, words } = optionsAndWords(['data']);
  const [word, number, ...rest] = words;
  if ((word !== undefined && (word !== 'release' || number === undefined)) || rest.length > 0)
    throw new WrongOption(`./hub partitions ${words.join(' ')}: there is: ./hub partitions [release N]`);
  return { number: number === undefined ? undefined : numberOf(number), data: dataOf(given['data']) };
}

async function main(): Promise<number> {
  const { number, data } = wordsOf();
  const redis = await openRedis(redisUrlOf(data));
  try {
    if (number === undefined) {
      show(await readPartitions(redis));
      return 0;
    }
    const { state, note } = await audited(
      data,
      keyOf(data),
      { what: 'partitions release', on: String(number) },
      async (): Promise<Outcome> => {
        const { before, after, ms } = await release(redis, number, replicas());
        const was = `${before.owner || 'nobody'} (epoch ${before.epoch})`;
        if (after === undefined)
          return {
            state: 'refused',
            note: `taken from ${was}, and nobody took it in ${ago(TAKEN_MS)}: is an engine running? ./hub partitions`,
          };
        return { state: 'done', note: `from ${was} to ${after.owner} (epoch ${after.epoch}) in ${ago(ms)}` };
      },
    );
    say(`partition ${number}: ${note}`);
    return state === 'done' ? 0 : 1;
  } finally {
    await redis.end();
  }
}

await once(main);
