/** The case of an address, with the organisation it is read for. */
import type { Session } from '#lib/server/auth/session.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { readCase } from '#lib/server/hub/cases.ts';
import { type Case, keyOf } from '#lib/server/hub/types.ts';

export interface Found {
  one: Case;
  /** a token for its organisation */
  token: string;
}

/** Tries the chosen organisation first, then the agent's others: a link sent by a colleague opens whatever is chosen. */
export async function findCase(session: Session, id: string): Promise<Found> {
  const first = session.organisations;
  const others = session.places.map(({ key }) => key).filter((key) => !first.includes(key));
  let last: unknown = new HubProblem(404, 'not-found', 'no such case');
  for (const organisation of [...first, ...others]) {
    const token = await session.tokenFor(organisation);
    try {
      const one = await readCase(token, id);
      return {
        one,
        token: keyOf(one.recipient) === organisation ? token : await session.tokenFor(keyOf(one.recipient)),
      };
    } catch (error) {
      if (!(error instanceof HubProblem) || ![400, 403, 404].includes(error.status)) throw error;
      last = error.status === 400 ? new HubProblem(404, 'not-found', error.message) : error;
    }
  }
  throw last;
}
