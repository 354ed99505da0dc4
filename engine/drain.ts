/** How long a process that is told to stop goes on as if nothing were, but for what it says of itself. */
export const DRAIN_VARIABLES = {
  HUB_DRAIN_SECONDS: [
    '0',
    's',
    'time between « not ready » and the last new request of a process told to stop: twice what the load balancer takes to look ([docs/upgrade.md](docs/upgrade.md))',
  ],
} as const satisfies Record<string, readonly [value: string, unit: string, meaning: string]>;

/** A stop takes a minute at most (ops/life.ts), requests under way half of it. */
const MOST_S = 25;

/** @returns ms @throws what `fault` makes */
export function drainOf(env: NodeJS.ProcessEnv, fault: (message: string) => Error): number {
  const value = env['HUB_DRAIN_SECONDS'] || DRAIN_VARIABLES.HUB_DRAIN_SECONDS[0];
  const seconds = Number(value);
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= MOST_S) return seconds * 1_000;
  throw fault(`HUB_DRAIN_SECONDS must be a whole number from 0 to ${MOST_S}: it is “${value}”`);
}
