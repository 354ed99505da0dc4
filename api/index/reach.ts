import { narrowed } from '#api/feed/position.ts';
import type { Request } from '#api/server/types.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { Reach } from './question.ts';

/**
 * Whose cases the caller may list: those its organisation receives, of the démarches it asks for and may see. The one place
 * that says so: who acts for several organisations has several here. @throws DomainError 403 to who receives none
 */
export function reachesOf({ caller, query }: Pick<Request, 'caller' | 'query'>): Reach[] {
  if (caller.scope !== 'SI') throw new DomainError('forbidden');
  const { org, processes } = narrowed(caller, query.list('processCode'));
  return [{ org, processes: processes === undefined ? null : [...processes] }];
}
