import { createHash } from 'node:crypto';
import { HubProblem } from '#lib/server/hub/call.ts';
import { type Resumed, resume } from '#lib/server/hub/sessions.ts';
import { identityOf, keyOf } from '#lib/server/hub/types.ts';
import { EVERY } from '#lib/ui/who.ts';
import { Session } from './session.ts';

/**
 * The session this secret opens, for the organisation that is wished if it is the agent's; null when there is none any more.
 * @param gesture an agent did something: the session is prolonged
 */
export async function loadSession(secret: string, wish: string | undefined, gesture = true): Promise<Session | null> {
  const chosen = wish !== undefined && identityOf(wish) ? wish : undefined;
  const wanted = chosen ?? (wish === undefined ? usualOf(secret) : undefined);
  let resumed = await ask(secret, wanted, gesture);
  if (resumed === 'forbidden') resumed = await ask(secret, undefined, gesture);
  if (resumed === null || resumed === 'forbidden') return null;
  const keys = resumed.organizations.map(keyOf);
  if (wanted !== undefined && keys.includes(wanted)) return new Session(secret, resumed, wanted);
  if (wish === EVERY && keys.length > 1) return new Session(secret, resumed, EVERY);
  const [first] = keys;
  if (first === undefined) return null;
  const acting = await ask(secret, first, gesture);
  if (acting === null || acting === 'forbidden') return null;
  noteUsual(secret, first);
  return new Session(secret, acting, first);
}

/** Where agents work who chose nothing: asked at once at the next page, which spares a call. Only a guess: the API says whether it still is theirs. */
const usual = new Map<string, string>();
/** Sessions that are remembered so. */
const KEPT = 20_000;
const nameOf = (secret: string): string => createHash('sha256').update(`usual ${secret}`).digest('base64url');
const usualOf = (secret: string): string | undefined => usual.get(nameOf(secret));

function noteUsual(secret: string, organisation: string): void {
  usual.set(nameOf(secret), organisation);
  const [oldest] = usual.keys();
  if (usual.size > KEPT && oldest !== undefined) usual.delete(oldest);
}

async function ask(
  secret: string,
  organisation: string | undefined,
  gesture: boolean,
): Promise<Resumed | 'forbidden' | null> {
  try {
    return await resume(secret, organisation, gesture);
  } catch (error) {
    if (!(error instanceof HubProblem) || error.status >= 500) throw error;
    // Over, suspended, withdrawn, or a level that a new role asks for: signing in again says which.
    return error.code === 'forbidden' ? 'forbidden' : null;
  }
}
