/** `quiet.ts [--minutes=N] [--cases=N] [--towns=N]`: what `./hub drill quiet` runs: all is well, so nothing may ring. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { influx } from '#bench/influx.ts';
import { Ledger } from '#bench/ledger.ts';
import { Population } from '#bench/population.ts';
import { openStage } from '#bench/stage.ts';
import { Timeline } from '#bench/timeline.ts';
import { tokenOf } from '#bench/token.ts';
import { settle } from '#bench/town.ts';
import { options, say, WrongOption } from '#ops/life.ts';
import { projectFolder } from '#ops/place.ts';
import { freePort } from '#ops/redis/server.ts';
import { type Supervision, startSupervision } from '#ops/supervision/supervision.ts';
import { Calm } from './calm.ts';

/** Of the rules in the time of production: the longest `for` of a page is five minutes. */
const MINUTES = 30;
const AFTER_SEASON_MIN = 6;
const MINUTE_MS = 60_000;
const CASES = 450_000;
const TOWNS = 8_000;
const CONNECTIONS = 8;
const WINDOW = 500;
const FILE_BYTES = 300;
/** The demo enrols its country first. ms */
const START_MS = 120_000;
const LOOK_MS = 500;

/** @throws WrongOption */
function number(given: Record<string, string | boolean | undefined>, name: string, usual: number): number {
  const value = Number(given[name] ?? usual);
  if (!(value > 0 && Number.isFinite(value))) throw new WrongOption(`--${name}=${given[name]} is no number above 0`);
  return value;
}

/** The demo as anybody starts it, and its traffic. */
async function onDemo(minutes: number): Promise<Calm> {
  const dir = mkdtempSync(join(tmpdir(), 'relais-quiet-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const words = ['demo', `--data=${join(dir, 'demo')}`, `--port=${port}`];
  const env = {
    ...process.env,
    HUB_PORTAL_PORT: String(await freePort()),
    HUB_PORTAL_FILES_PORT: String(await freePort()),
  };
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', join(projectFolder, 'hub'), ...words], {
    cwd: projectFolder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  let supervision: Supervision | undefined;
  try {
    for (const deadline = performance.now() + START_MS; ; await pause(LOOK_MS)) {
      if ((await fetch(`${url}/health/ready`).catch(() => undefined))?.ok) break;
      if (child.exitCode !== null || performance.now() > deadline) throw new Error('the demo did not start');
    }
    supervision = await startSupervision({ folder: join(dir, 'ops'), targets: { relais: [url] }, factor: 1 });
    return await Calm.watch(supervision, minutes * MINUTE_MS);
  } finally {
    await supervision?.stop();
    child.kill('SIGTERM');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A season's deposits as fast as they are taken, then the time in which what they left would ring. */
async function onSeason(cases: number, townCount: number): Promise<Calm> {
  const stage = await openStage();
  let supervision: Supervision | undefined;
  try {
    const product = await stage.start('all');
    const targets = { relais: [product.url] };
    supervision = await startSupervision({ folder: join(stage.folder, 'ops'), targets, factor: 1 });
    const watching = new AbortController();
    const watched = Calm.watch(supervision, Number.POSITIVE_INFINITY, watching.signal);
    const { sender, towns } = await settle(await stage.hub(), stage.config.masterKey, townCount, false);
    const token = await tokenOf(product.url, sender, 'OSL');
    const begun = performance.now();
    const { answered, refused } = await influx({
      name: 'season',
      url: product.url,
      token,
      connections: CONNECTIONS,
      window: WINDOW,
      cases,
      fileBytes: FILE_BYTES,
      towns,
      population: new Population(townCount),
      ledger: new Ledger(),
      timeline: new Timeline(begun),
    });
    const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
    console.log(`season: ${answered} of ${cases} cases answered in ${seconds} s, ${refused} refused`);
    await pause(AFTER_SEASON_MIN * MINUTE_MS);
    watching.abort();
    return await watched;
  } finally {
    await supervision?.stop();
    await stage.close();
  }
}

async function main(): Promise<number> {
  const given = options(['minutes', 'cases', 'towns']);
  const minutes = number(given, 'minutes', MINUTES);
  const cases = number(given, 'cases', CASES);
  const towns = number(given, 'towns', TOWNS);
  console.log(
    `the demo's traffic for ${minutes} min, then a season of ${cases} cases; rules in the time of production`,
  );
  const calms = [await onDemo(minutes), await onSeason(cases, towns)];
  for (const [at, calm] of calms.entries()) console.log(`${at === 0 ? 'demo' : 'season'}: ${calm.words}`);
  return calms.every(({ quiet }) => quiet) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof WrongOption)) throw error;
  say(error.message);
  process.exitCode = 2;
}
