import type { OrgKey } from '#engine/domain/organization.ts';
import { type Recipients, SILENT_DAYS } from '#engine/telemetry/recipients.ts';

/** How a recipient is with what came for it. */
export interface Health {
  org: OrgKey;
  /** when the oldest that it has not taken came, ms; undefined: it has taken all */
  since: number | undefined;
  /** cases available for LATE_MS it has not taken */
  late: number;
  /** what its furthest reader acknowledged; 0: nobody reads its feed */
  acknowledged: number;
  /** readers connected by WebSocket */
  live: number;
  /** when it last came for what is there, by whatever way, ms; undefined: never, or before that was noted */
  pulled: number | undefined;
}

export const STATES = ['silent', 'behind', 'ok'] as const;
export type State = (typeof STATES)[number];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Software of the field looks every few minutes to every hour: what waits longer waits for somebody. */
const BEHIND_MS = 2 * HOUR_MS;
/** A case nobody took for so long is looked after (issue of operations, 48 h). */
export const LATE_MS = 48 * HOUR_MS;

const ageOf = ({ since }: Pick<Health, 'since'>, now: number): number => (since === undefined ? 0 : now - since);

/** @param now ms of the hub */
export function stateOf(health: Pick<Health, 'since'>, now: number): State {
  const age = ageOf(health, now);
  if (age >= DAY_MS) return 'silent';
  return age >= BEHIND_MS ? 'behind' : 'ok';
}

/** @param now ms of the hub */
export function summed(all: Iterable<Health>, now: number): Recipients {
  const silent = SILENT_DAYS.map(() => 0);
  let late = 0;
  for (const health of all) {
    late += health.late;
    const age = ageOf(health, now);
    for (const [index, days] of SILENT_DAYS.entries())
      if (age >= days * DAY_MS) silent[index] = (silent[index] as number) + 1;
  }
  return { silent, late };
}
