/** `rehearse.ts [--rounds=N] [--seed=S] [--keep]`: what `./hub upgrade rehearse` runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { say } from '#ops/life.ts';
import { Ground, THIS } from './ground.ts';
import { makeNext } from './next.ts';
import { finalised, rolled, upgraded } from './steps.ts';
import { type Outcome, stories, table, tryUnder } from './trial.ts';

const ALL = ['all', 'split', 'upgrade', 'mixed'] as const;
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: ALL.join() },
    keep: { type: 'boolean' },
  },
});
const [rounds, seed] = [Number(values.rounds), Number(values.seed)];
const wanted = values.only.split(',');
const unknown = wanted.filter((name) => !ALL.some((one) => one === name));
if (unknown.length > 0 || !(rounds > 0)) {
  say(
    `./hub upgrade rehearse: no part ${unknown.join()} or rounds ${values.rounds}. There is: --only=${ALL.join()} --rounds=N`,
  );
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'relais-next-'));
const next = makeNext(join(folder, 'next'));
const outcomes: Outcome[] = [];

type Members = Parameters<typeof Ground.open>[0];
const TWO: Members = [
  ['a', 'all'],
  ['b', 'all'],
];
const APART: Members = [
  ['engine-a', 'engine'],
  ['engine-b', 'engine'],
  ['api-a', 'api'],
  ['api-b', 'api'],
];

async function tryOn(
  name: (typeof ALL)[number],
  members: Members,
  what: string,
  act: (ground: Ground, done: () => void) => Promise<void>,
): Promise<void> {
  if (!wanted.includes(name)) return;
  const ground = await Ground.open(members);
  let good = false;
  try {
    const outcome = await tryUnder(ground, what, seed, (done) => act(ground, done));
    outcomes.push(outcome);
    console.log(table([outcome]).split('\n').at(-1));
    const story = stories(outcome);
    if (story !== '') console.log(story);
    good = story === '';
  } finally {
    if (!good && values.keep === true) say(`kept: ${ground.dir}`);
    await ground.close(values.keep === true && !good);
  }
}

try {
  const times = `restarted ${rounds} times each`;
  await tryOn('all', TWO, `two processes that do all, ${times}`, (ground, done) => rolled(ground, rounds, done));
  await tryOn('split', APART, `two engines and two APIs, ${times}`, (ground, done) => rolled(ground, rounds, done));
  await tryOn('upgrade', TWO, 'upgraded, rolled back, upgraded again, finalised', async (ground, done) => {
    await upgraded(ground, THIS, next, done);
    await finalised(ground, THIS, next, done);
  });
  const mixed: Members = APART.map(([one, role], at) => [one, role, at % 2 === 0 ? THIS : next]);
  await tryOn('mixed', mixed, `an engine and an API of each version, ${times}`, (ground, done) =>
    rolled(ground, rounds, done),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`\n${table(outcomes)}`);
const good =
  outcomes.length === wanted.length && outcomes.every((one) => one.errors.length + one.findings.length === 0);
process.exitCode = good ? 0 : 1;
