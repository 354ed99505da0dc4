/**
 * `./hub acts [--verify]`: what operators did by `./hub dead`, `partitions`, `move`, `index`, `backup`, `restore` and
 * `upgrade finalise`: who, when, to what, how it ended.
 *
 * Exit codes: 0 done, 1 lines are not those that were written, 2 wrong words.
 */
import { type Act, actsKey, actsOf, verifyActs } from '#ops/console/acts.ts';
import { dataOf, keyOf } from '#ops/console/target.ts';
import { options, say } from '#ops/life.ts';
import { once } from '#ops/once.ts';

const who = ({ user, sudo, host }: Act): string => `${sudo ? `${sudo} as ` : ''}${user}@${host}`;

function show(data: string): void {
  const acts = Map.groupBy(actsOf(data), ({ act }) => act);
  for (const [asked, end] of acts.values()) {
    const one = asked as Act;
    const how =
      end === undefined ? 'no end: cut short, may have been done' : `${end.state}${end.note ? `: ${end.note}` : ''}`;
    console.log(`${one.at}\t${who(one)}\t${one.what} ${one.on}\t${how}`);
  }
  say(`${acts.size} acts by commands on ${data}`);
}

await once(async () => {
  const given = options(['data'], ['verify']);
  const data = dataOf(given['data']);
  if (!given['verify']) {
    show(data);
    return 0;
  }
  const { acts, damaged } = verifyActs(data, actsKey(keyOf(data)));
  if (damaged === 0) say(`${acts} lines, all as they were written`);
  else say(`line ${damaged}, or one before it, was changed, removed or put in; ${acts} lines before it are right`);
  return damaged === 0 ? 0 : 1;
});
