/** The case of an address, with the organisation it is read for. */
import type { Session } from '#lib/server/auth/session.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { readCase } from '#lib/server/hub/cases.ts';
import { type Case, keyOf } from '#lib/server/hub/types.ts';

export interface Found<Beside> {
  one: Case;
  /** a token for its organisation */
  token: string;
  beside: Beside;
}

const nothing = () => Promise.resolve(undefined);

/** Tries the chosen organisation first, then the agent's others: a link sent by a colleague opens whatever is chosen. */
export const findCase = (session: Session, id: string): Promise<Found<undefined>> => findBeside(session, id, nothing);

/** The same, with what else is asked of the case in the same call. @param ask what, by the token of its organisation */
export async function findBeside<Beside>(
  session: Session,
  id: string,
  ask: (token: string) => Promise<Beside>,
): Promise<Found<Beside>> {
  const first = session.organisations;
  const others = session.places.map(({ key }) => key).filter((key) => !first.includes(key));
  let last: unknown = new HubProblem(404, 'not-found', 'no such case');
  for (const organisation of [...first, ...others]) {
    const token = await session.tokenFor(organisation);
    const beside = ask(token);
    // Where the case is not, nothing else of it is: the case's own answer says so.
    beside.catch(() => undefined);
    let one: Case;
    try {
      one = await readCase(token, id);
    } catch (error) {
      if (!(error instanceof HubProblem) || ![400, 403, 404].includes(error.status)) throw error;
      last = error.status === 400 ? new HubProblem(404, 'not-found', error.message) : error;
      continue;
    }
    const owner = keyOf(one.recipient);
    if (owner === organisation) return { one, token, beside: await beside };
    const own = await session.tokenFor(owner);
    return { one, token: own, beside: await ask(own) };
  }
  throw last;
}
