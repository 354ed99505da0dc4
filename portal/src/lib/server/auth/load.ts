import { HubProblem } from '#lib/server/hub/call.ts';
import { type Resumed, resume } from '#lib/server/hub/sessions.ts';
import { identityOf, keyOf } from '#lib/server/hub/types.ts';
import { EVERY } from '#lib/ui/who.ts';
import { Session } from './session.ts';

/** The session this secret opens, for the organisation that is wished if it is the agent's; null when there is none any more. */
export async function loadSession(secret: string, wish: string | undefined): Promise<Session | null> {
  const wanted = wish !== undefined && identityOf(wish) ? wish : undefined;
  let resumed = await ask(secret, wanted);
  if (resumed === 'forbidden') resumed = await ask(secret, undefined);
  if (resumed === null || resumed === 'forbidden') return null;
  const keys = resumed.organizations.map(keyOf);
  if (wanted !== undefined && keys.includes(wanted)) return new Session(secret, resumed, wanted);
  if (wish === EVERY && keys.length > 1) return new Session(secret, resumed, EVERY);
  const [first] = keys;
  if (first === undefined) return null;
  const acting = await ask(secret, first);
  return acting === null || acting === 'forbidden' ? null : new Session(secret, acting, first);
}

async function ask(secret: string, organisation: string | undefined): Promise<Resumed | 'forbidden' | null> {
  try {
    return await resume(secret, organisation);
  } catch (error) {
    if (!(error instanceof HubProblem) || error.status >= 500) throw error;
    // Over, suspended, withdrawn, or a level that a new role asks for: signing in again says which.
    return error.code === 'forbidden' ? 'forbidden' : null;
  }
}
