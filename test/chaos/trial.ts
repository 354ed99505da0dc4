import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../sim/random.ts';
import { Checker, type Finding } from './checker.ts';
import { populate } from './country.ts';
import type { Fault } from './fault.ts';
import type { Flip } from './flip.ts';
import { acknowledged, type Entry, History, WAYS, type Way, wayOf } from './history.ts';
import { startLoad } from './load.ts';
import { Readback } from './readback.ts';
import { Site } from './site.ts';

/** One fault, again and again under load on a machine of its own, then the check of all that was answered. */
export interface Outcome {
  fault: string;
  times: number;
  /** processes that died without a word */
  kills: number;
  acknowledged: number;
  /** the same by road */
  ways: Record<Way, number>;
  findings: Finding[];
  /** what became of the bits that were turned over */
  flips: readonly Flip[];
  /** longest time in which no completion of some town was acknowledged, ms */
  unavailableMs: number;
  /** where everything lies, when something was found */
  folder: string | undefined;
}

/** Load without a fault before each: at least, and up to as much again. ms */
const CALM_MS = 1_500;
/** Every town's completions are answered again by then: lease, restart and the clients' own deadline. ms */
const RECOVERY_MS = 90_000;
const LOOK_MS = 50;
const NEMESIS_STREAM = 5_000;

/** A town is served again when a completion and a native deposit to it, both asked after `since`, were answered. */
async function recovered(history: History, towns: number, since: number): Promise<void> {
  const deadline = performance.now() + RECOVERY_MS;
  const missing = new Set(Array.from({ length: towns }, (_, town) => [`complete ${town}`, `native ${town}`]).flat());
  for (let at = 0; missing.size > 0; await pause(LOOK_MS)) {
    for (; at < history.entries.length; at += 1) {
      const entry = history.entries[at] as Entry;
      if (entry.sent > since && acknowledged(entry)) missing.delete(`${entry.kind} ${entry.who}`);
    }
    if (performance.now() > deadline)
      throw new Error(`${RECOVERY_MS / 1000} s after the fault, not answered for towns: ${[...missing]}`);
  }
}

function longestGap(history: History, towns: number, windows: readonly [from: number, to: number][]): number {
  let longest = 0;
  for (let town = 0; town < towns; town += 1) {
    const done = history
      .of('complete')
      .filter((entry) => entry.who === town && acknowledged(entry))
      .map((entry) => entry.done);
    for (const [from, to] of windows) {
      let last = from;
      for (const at of done) {
        if (at < from || last > to) continue;
        longest = Math.max(longest, at - last);
        last = at;
      }
    }
  }
  return longest;
}

/** How long a fault is tried. */
export interface Span {
  /** ms of `performance.now()`: no round begins after it, and there is one at least */
  until: number;
  /** … unless fewer processes have died than that */
  kills: number;
}

export async function tryFault(fault: Fault, seed: number, { until, kills }: Span): Promise<Outcome> {
  const random = new Random(seed, NEMESIS_STREAM);
  const history = new History();
  const site = await Site.open(fault);
  let [times, findings, country]: [number, Finding[], Awaited<ReturnType<typeof populate>> | undefined] = [
    0,
    [],
    undefined,
  ];
  const windows: [number, number][] = [];
  try {
    country = await populate(site);
    const load = startLoad(site.url, country, history, seed);
    try {
      do {
        await pause(CALM_MS + random.below(CALM_MS));
        const from = performance.now();
        await fault.act(site, random, { country, history });
        times += 1;
        await recovered(history, country.towns.length, performance.now());
        windows.push([from, performance.now()]);
      } while (performance.now() < until || site.kills < kills);
    } finally {
      await load.stop();
    }
    const read = new Readback(site.url, country);
    findings = await new Checker(history, read, country).check(site.spoilt);
    read.close();
  } catch (error) {
    findings = [{ sort: 'broken', what: error instanceof Error ? error.message : String(error), ids: [] }];
  } finally {
    if (findings.length > 0) writeStory(join(site.dir, 'history.jsonl'), history);
    await site.close(findings.length > 0);
  }
  return {
    fault: fault.name,
    times,
    kills: site.kills,
    acknowledged: history.acknowledged,
    ways: byWay(history),
    findings: explain(findings, history),
    flips: site.flips,
    unavailableMs: longestGap(history, country?.towns.length ?? 0, windows),
    folder: findings.length > 0 ? site.dir : undefined,
  };
}

function byWay(history: History): Record<Way, number> {
  const ways = Object.fromEntries(WAYS.map((way) => [way, 0])) as Record<Way, number>;
  for (const entry of history.entries) if (acknowledged(entry)) ways[wayOf(entry)] += 1;
  return ways;
}

/** Enough to see what happened, few enough to be read. */
const EXPLAINED = 10;
const REQUESTS = 12;

/** The first findings with the requests concerned. */
function explain(findings: Finding[], history: History): Finding[] {
  return findings.map((finding, index) => {
    if (index >= EXPLAINED || finding.ids.length === 0) return finding;
    const lines = history
      .about(new Set(finding.ids))
      .filter(({ kind }) => kind !== 'list' && kind !== 'feed')
      .slice(0, REQUESTS)
      .map((entry) => `\n    ${line(entry)}`);
    return { ...finding, what: finding.what + lines.join('') };
  });
}

const line = ({ kind, who, sent, done, status }: Entry): string =>
  `${kind} by ${who}, ${sent.toFixed(0)}–${done.toFixed(0)} ms: ${status || 'no answer'}`;

function writeStory(path: string, history: History): void {
  writeFileSync(path, history.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}
