import { Cpu, type Pids } from './cpu.ts';
import type { Latencies } from './measure.ts';
import { progress } from './measure.ts';
import { type Second, Timeline } from './timeline.ts';

/**
 * Work done over and over, in one of two ways. Closed loop: each lane begins again when it has ended. Open loop: what is due
 * at a moment counts from that moment, though no lane be free, so that a hub that stands still is seen to.
 */
export interface Load {
  /** at once, at most */
  lanes: number;
  seconds: number;
  warmUp: number;
  /** due each second; 0: closed loop */
  rate: number;
}

export interface Driven {
  /** begun (closed loop) or due (open loop) after the warm-up, ended before the end, with success */
  counted: number;
  perSecond: number;
  /** open loop: of all that was due after the warm-up, however late it ended */
  latencies: Latencies;
  series: Second[];
  /** seconds of work that were begun or due, and not done, when the time was over */
  backlog: number;
  /** processor time of one: `product 61 µs, …` */
  spent: string;
  errors: number;
  /** closed or open loop, in words */
  words: string;
}

const MS = 1_000;
/** How often an open loop looks what is due. ms */
const TICK_MS = 1;
const REFUSED_MS = 100;

/**
 * @param work one lane's, with how many were begun before it; false: it failed, and does not count
 * @param pids what to watch the processor time of
 */
export async function drive(load: Load, work: (lane: number) => Promise<boolean>, pids: Pids): Promise<Driven> {
  const { lanes, seconds, warmUp, rate } = load;
  const from = performance.now();
  const started = from + warmUp * MS;
  const end = started + seconds * MS;
  const timeline = new Timeline(started);
  let [counted, errors, begun, done, atEnd] = [0, 0, 0, 0, 0];
  const one = async (lane: number, due: number): Promise<void> => {
    begun += 1;
    const good = await work(lane).catch(async (error: Error) => {
      console.error(error.message);
      // A connection that is closed refuses at once, for ever: the loop must let the others work.
      await new Promise<void>((resolve) => setTimeout(resolve, REFUSED_MS));
      return false;
    });
    const now = performance.now();
    done += 1;
    if (!good) errors += 1;
    if (!good || due < started) return;
    if (now <= end) counted += 1;
    if (now <= end || rate > 0) timeline.add(now - due, now);
  };

  let cpu: Cpu | undefined;
  const watching = setTimeout(() => {
    cpu = new Cpu(pids);
  }, warmUp * MS);
  const ticking = progress('seconds', warmUp + seconds);
  const clock = setInterval(() => ticking(Math.round((performance.now() - from) / MS)), MS);
  // Taken when the time is over, not when the last answer has come.
  let spent: string | undefined;
  const closing = setTimeout(() => {
    atEnd = (rate > 0 ? rate * (warmUp + seconds) : begun) - done;
    spent = cpu?.each(counted);
  }, end - performance.now());
  if (rate > 0) await openLoop(lanes, rate, from, end, one);
  else
    await Promise.all(
      Array.from({ length: lanes }, async (_, lane) => {
        while (performance.now() < end) await one(lane, performance.now());
      }),
    );
  for (const timer of [watching, clock, closing]) clearTimeout(timer);
  const perSecond = counted / seconds;
  return {
    counted,
    perSecond,
    latencies: timeline.all(),
    series: timeline.series().slice(0, Math.ceil(seconds)),
    backlog: atEnd / perSecond,
    spent: spent ?? cpu?.each(counted) ?? '',
    errors,
    words: rate > 0 ? `open loop of ${rate}/s over ${lanes} connections` : `${lanes} connections, closed loop`,
  };
}

async function openLoop(
  lanes: number,
  rate: number,
  from: number,
  end: number,
  one: (lane: number, due: number) => Promise<void>,
): Promise<void> {
  const free = Array.from({ length: lanes }, (_, lane) => lane);
  const flying = new Set<Promise<void>>();
  const total = Math.floor((rate * (end - from)) / MS);
  const due = (index: number): number => from + (index * MS) / rate;
  let next = 0;
  const begin = (): void => {
    while (free.length > 0 && next < total && due(next) <= performance.now()) {
      const lane = free.shift() as number;
      const flight = one(lane, due(next)).finally(() => {
        free.push(lane);
        flying.delete(flight);
        begin();
      });
      flying.add(flight);
      next += 1;
    }
  };
  while (next < total) {
    begin();
    await new Promise<void>((resolve) => setTimeout(resolve, TICK_MS));
  }
  await Promise.all(flying);
}
