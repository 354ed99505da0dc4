import type { Random } from './random.ts';

/** Kinds of faults, as reports count them. */
export const FAULTS = [
  'lose',
  'drop',
  'late',
  'cut',
  'unheard',
  'crash',
  'pause',
  'leave',
  'join',
  'full',
  'away',
  'forget',
  'clock',
  'leap',
  'faulty',
  'park',
  'replay',
  'migrate',
  'rollback',
  'stale',
  'nospace',
  'flip',
] as const;
/** Faults in an order of their own (`relapse.ts`): only where they are asked for by name. */
export const STAGED = ['relapse', 'doze'] as const;
export type Staged = (typeof STAGED)[number];
export type Fault = (typeof FAULTS)[number] | Staged;

/** Per step and per fault; what a seed's weather multiplies. */
const BASE: Record<(typeof FAULTS)[number], number> = {
  lose: 0.004,
  drop: 0.004,
  late: 0.003,
  cut: 0.001,
  unheard: 0.004,
  crash: 0.001,
  pause: 0.001,
  leave: 0.0008,
  join: 0.002,
  full: 0.0006,
  away: 0.0004,
  forget: 0.0004,
  clock: 0.0004,
  leap: 0.0003,
  faulty: 0.001,
  park: 0.0006,
  replay: 0.002,
  migrate: 0.0008,
  rollback: 0.0004,
  stale: 0.0002,
  nospace: 0.0004,
  flip: 0.0004,
};

const OFTEN = 4;

/** How likely each fault is in a step. Each seed has some kinds and not others, or the rare ones would hide behind the frequent. */
export class Weather {
  readonly rates: Record<(typeof FAULTS)[number], number>;
  readonly staged: readonly Staged[];

  constructor(random: Random, options: { only?: readonly Fault[] }) {
    const base = BASE;
    this.staged = STAGED.filter((fault) => options.only?.includes(fault));
    const calm = random.chance(0.1);
    this.rates = Object.fromEntries(
      FAULTS.map((fault) => {
        const factor = random.chance(0.35) ? 0 : random.chance(0.2) ? OFTEN : 1;
        if (options.only) return [fault, options.only.includes(fault) ? base[fault] * OFTEN : 0];
        return [fault, calm ? 0 : base[fault] * factor];
      }),
    ) as Record<(typeof FAULTS)[number], number>;
  }

  /** The fault of this step, if any. */
  draw(random: Random): (typeof FAULTS)[number] | undefined {
    let left = random.share();
    for (const fault of FAULTS) {
      left -= this.rates[fault];
      if (left < 0) return fault;
    }
    return undefined;
  }
}
