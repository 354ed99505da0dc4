import { setTimeout as pause } from 'node:timers/promises';
import { Checker, type Finding } from '../chaos/checker.ts';
import { acknowledged, type Entry, History } from '../chaos/history.ts';
import { startLoad } from '../chaos/load.ts';
import { Readback } from '../chaos/readback.ts';
import type { Ground } from './ground.ts';

/** Load through the front while something is done to the processes; then all that was answered is read back. */
export interface Outcome {
  what: string;
  /** what was done: restarts, changes of version */
  times: number;
  requests: number;
  /** answered with 5xx, or not at all */
  errors: Entry[];
  /** longest time in which no completion of some town was answered, ms */
  pauseMs: number;
  p99Ms: number;
  maxMs: number;
  /** of the load, ms */
  ms: number;
  findings: Finding[];
}

const FIRST_FAULT = 500;
const P99 = 0.99;

/** Those that hold a request open on purpose, or end their connection on purpose, tell nothing of a pause. */
const isPlain = ({ kind }: Entry): boolean => kind !== 'feed' && kind !== 'line';

/** Senders of lots break some of their own connections: a line without an answer tells nothing. */
const isError = (entry: Entry): boolean =>
  entry.status >= FIRST_FAULT ||
  (entry.status === 0 && entry.kind !== 'line' && entry.reader !== 'webhook' && entry.reader !== 'push');

export async function tryUnder(
  ground: Ground,
  what: string,
  seed: number,
  act: (done: () => void) => Promise<void>,
  towns?: number,
): Promise<Outcome> {
  const history = new History();
  const country = await ground.populate(towns);
  const load = startLoad(ground.url, country, history, seed);
  const from = performance.now();
  let times = 0;
  let to = from;
  try {
    await act(() => {
      times += 1;
    });
    to = performance.now();
  } finally {
    await load.stop();
  }
  const read = new Readback(ground.url, country);
  const findings = await new Checker(history, read, country).check(0);
  read.close();
  const plain = history.entries.filter(isPlain);
  const took = plain
    .filter(acknowledged)
    .map(({ sent, done }) => done - sent)
    .sort((a, b) => a - b);
  return {
    what,
    times,
    requests: history.entries.length,
    errors: history.entries.filter(isError),
    pauseMs: longestPause(history, country.towns.length, from, to),
    p99Ms: took[Math.floor(took.length * P99)] ?? 0,
    maxMs: took.at(-1) ?? 0,
    ms: to - from,
    findings,
  };
}

function longestPause(history: History, towns: number, from: number, to: number): number {
  let longest = 0;
  for (let town = 0; town < towns; town += 1) {
    let last = from;
    for (const { who, done } of history.entries.filter((entry) => isPlain(entry) && acknowledged(entry))) {
      if (who !== town || done < from || done > to) continue;
      longest = Math.max(longest, done - last);
      last = done;
    }
    longest = Math.max(longest, to - last);
  }
  return longest;
}

/** Between two deeds: the load is back at its pace. ms */
export const CALM_MS = 1_500;
export const calm = (): Promise<void> => pause(CALM_MS);

const HEAD = [
  'what',
  'deeds',
  'requests',
  'errors',
  'longest without an answer, ms',
  'p99, ms',
  'longest answer, ms',
  'lost, doubled or reordered',
];

export const table = (outcomes: readonly Outcome[]): string =>
  [
    `| ${HEAD.join(' | ')} |`,
    `|${HEAD.map(() => '-').join('|')}|`,
    ...outcomes.map(
      (one) =>
        `| ${[one.what, one.times, one.requests, one.errors.length, one.pauseMs.toFixed(0), one.p99Ms.toFixed(0), one.maxMs.toFixed(0), one.findings.length].join(' | ')} |`,
    ),
  ].join('\n');

const SHOWN = 12;
/** What went wrong, for who looks into it. */
export const stories = ({ errors, findings }: Outcome): string =>
  [
    ...errors
      .slice(0, SHOWN)
      .map(
        ({ kind, who, sent, done, status, reader, said }) =>
          `${kind} ${reader ?? ''} by ${who}, ${sent.toFixed(0)}–${done.toFixed(0)} ms: ${status || 'no answer'} ${said ?? ''}`,
      ),
    ...findings.slice(0, SHOWN).map(({ sort, what }) => `${sort}: ${what}`),
  ].join('\n');
