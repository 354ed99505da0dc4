/** The case an agent goes on to. That none was found is not that there is none: the index may be behind, or the hub away. */

import { setTimeout as delay } from 'node:timers/promises';
import { HubProblem } from '#lib/server/hub/call.ts';
import { neighboursOf } from '#lib/server/hub/cases.ts';

/** How long an agent waits for it before the list is shown instead, ms. The hub itself waits half a second at each try. */
const PATIENCE_MS = 3_000;
/** Between two tries, ms. */
const AGAIN_MS = 100;
/** Trying again is for a hub that is busy or away, not for one that refuses. */
const AWAY = 500;

export type Following = { id: string } | 'none' | 'unknown';

/** @param list as the hub is asked. Never throws */
export async function followingOf(token: string, id: string, list: URLSearchParams): Promise<Following> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look(token, id, list);
    if (found !== 'unknown' || Date.now() >= end) return found === 'refused' ? 'unknown' : found;
    await delay(AGAIN_MS);
  }
}

async function look(token: string, id: string, list: URLSearchParams): Promise<Following | 'refused'> {
  try {
    const { next, late } = await neighboursOf(token, id, list);
    if (next !== null) return { id: next };
    return late ? 'unknown' : 'none';
  } catch (error) {
    return error instanceof HubProblem && error.status < AWAY ? 'refused' : 'unknown';
  }
}
