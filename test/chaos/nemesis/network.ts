import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../sim/random.ts';
import type { Fault } from '../fault.ts';
import type { Relay } from '../relay.ts';
import type { Needs } from '../site.ts';

/** What networks do to connections, tried between the product and its Redis, and between clients and the product. */
type Weather = (relay: Relay, random: Random) => Promise<void>;

/** Breaks of one round, and the time between two at most. ms */
const BREAKS = 6;
const BETWEEN_MS = 400;
/** How long nobody gets through after the last break. ms */
const AWAY_MS = 3_000;

const cut: Weather = async (relay, random) => {
  for (let at = 0; at < BREAKS; at += 1) {
    relay.cut();
    await pause(random.below(BETWEEN_MS));
  }
  relay.refuse(true);
  relay.cut();
  await pause(random.below(AWAY_MS));
  relay.refuse(false);
};

/** From what a far machine takes to more than the 5 s after which the product gives a call up. ms */
const DELAYS_MS = [30, 300, 2_000, 6_000];
const SLOW_MS = 2_500;

const slow: Weather = async (relay, random) => {
  relay.slow(random.pick(DELAYS_MS));
  await pause(SLOW_MS);
  relay.slow(random.pick(DELAYS_MS));
  await pause(SLOW_MS);
  relay.slow(0);
};

const halfClose: Weather = async (relay, random) => {
  for (let at = 0; at < BREAKS; at += 1) {
    relay.halfClose(random.chance(1 / 2) ? 'client' : 'server');
    await pause(random.below(BETWEEN_MS));
  }
};

const WEATHERS = { cut, slow, halfClose };
const NAMES = { cut: 'cut', slow: 'slow', halfClose: 'half-close' } as const;

const between = (kind: keyof typeof WEATHERS, needs: Needs): Fault => ({
  ...needs,
  name: `${NAMES[kind]}-${needs.relay === 'product' ? 'redis' : 'clients'}`,
  async act(site, random) {
    await WEATHERS[kind](site.relay as Relay, random);
  },
});

const KINDS = Object.keys(WEATHERS) as (keyof typeof WEATHERS)[];

/** Between the product and Redis, where API and engines are apart: calls, reads and the channel of answers are hit. */
export const redisNetwork: readonly Fault[] = KINDS.map((kind) => between(kind, { layout: 'split', relay: 'product' }));
export const clientNetwork: readonly Fault[] = KINDS.map((kind) => between(kind, { layout: 'one', relay: 'clients' }));
