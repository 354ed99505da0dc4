/** `rehearse.ts [--rounds=N] [--seed=S] [--keep]`: what `./hub upgrade rehearse` runs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { complain, options, say } from '#ops/life.ts';
import { Ground, THIS } from './ground.ts';
import { makeNext } from './next.ts';
import { finalised, rolled, upgraded } from './steps.ts';
import { type Outcome, stories, table, tryUnder } from './trial.ts';

const ALL = ['all', 'split', 'upgrade', 'mixed'] as const;
function given(): ReturnType<typeof options> {
  try {
    return options(['rounds', 'seed', 'only'], ['keep']);
  } catch (error) {
    process.exit(complain(error));
  }
}
const { rounds: many = '5', seed: first = '1', only = ALL.join(), keep } = given();
const [rounds, seed] = [Number(many), Number(first)];
const wanted = String(only).split(',');
const unknown = wanted.filter((name) => !ALL.some((one) => one === name));
const refused = [
  ...unknown.map((name) => `no part « ${name} »`),
  ...(rounds > 0 ? [] : [`--rounds=${many} is no number from 1`]),
  ...(seed >= 0 ? [] : [`--seed=${first} is no number from 0`]),
];
if (refused.length > 0) {
  say(`./hub upgrade rehearse: ${refused.join(', ')}. There is: --only=${ALL.join()} --rounds=N --seed=S --keep`);
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
    if (!good && keep === true) say(`kept: ${ground.dir}`);
    await ground.close(keep === true && !good);
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
