import { readAgent } from '#lib/server/hub/agent.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { Session } from './session.ts';

/** The session this secret opens; null when there is none any more. */
export async function load(secret: string, wish: string | undefined): Promise<Session | null> {
  try {
    return new Session(secret, await readAgent(secret), wish);
  } catch (error) {
    if (error instanceof HubProblem && [401, 403, 404].includes(error.status)) return null;
    throw error;
  }
}
