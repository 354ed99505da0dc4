import { Problem } from '#api/server/problems.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { gone } from './position.ts';
import { PositionAhead, PositionGone } from './reader.ts';

/**
 * Why a mailbox put no cursor at a position. Its answer says that it did not, in words for nobody; the ends of the feed
 * say why, unless it is another reason.
 */
export async function cursorProblem(hub: Pick<Hub, 'feeds'>, org: OrgKey, position: number): Promise<Problem> {
  const { kept, last } = await hub.feeds.read(org, position, 1);
  if (position > last) return gone(new PositionAhead(last));
  if (position < kept - 1) return gone(new PositionGone(kept - 1));
  return new Problem('limit-reached', 'Nombre de consommateurs, webhooks compris, ou de nouvelles à renvoyer.');
}
