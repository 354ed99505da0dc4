import { setTimeout as delay } from 'node:timers/promises';
import type { Hub } from '#engine/client/hub.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { AHEAD, CLOSE, Refused } from './codes.ts';

type Holding = Pick<Hub, 'ask' | 'feeds' | 'holders'>;

const REFUSED = 400;
const CONFLICT = 409;
/** Between two tries to let go, when Redis is away, ms; given up after as many: whoever comes next to this process mends it. */
const RETRY_MS = 1_000;
const TRIES = 60;

/**
 * Takes a reader for this process: it alone pushes to it from then on.
 * @param after where its cursor goes; null: it stays
 * @returns its cursor
 * @throws Refused when another process that lives has it
 */
export async function hold(hub: Holding, org: OrgKey, consumer: string, after: number | null): Promise<number> {
  const before = (await hub.feeds.cursor(org, consumer))?.holder ?? null;
  const holder = hub.holders.id;
  await hub.holders.begin();
  if (before !== null && before !== holder && (await hub.holders.alive(before))) throw new Refused(CLOSE.elsewhere);
  const answer = await hub.ask(partitionOf(org), { kind: 'feed.hold', org, consumer, holder, before, after });
  if (answer.status === CONFLICT) throw new Refused(CLOSE.elsewhere);
  if (answer.status === REFUSED) throw new Refused(after === null ? CLOSE.tooMany : AHEAD);
  if (answer.status > REFUSED) throw new Refused(CLOSE.busy);
  return (answer.body as { acknowledged: number }).acknowledged;
}

/** Lets go, so that another process may take it at once. Never throws. */
export async function release(hub: Holding, org: OrgKey, consumer: string): Promise<void> {
  const command = { kind: 'feed.release', org, consumer, holder: hub.holders.id } as const;
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      await hub.ask(partitionOf(org), command);
      return;
    } catch {
      await delay(RETRY_MS, undefined, { ref: false });
    }
  }
}
