import { narrowed } from '#api/feed/position.ts';
import type { Request } from '#api/server/types.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { Reach } from './question.ts';

/**
 * Whose cases the caller may list: those its organisation receives, of the démarches it asks for and may see; of an agent who
 * has chosen none of its organisations, those of all. The one place that says so. @throws DomainError 403 to who receives none
 */
export function reachesOf({ caller, query, agent }: Pick<Request, 'caller' | 'query' | 'agent'>): Reach[] {
  if (caller.scope !== 'SI') throw new DomainError('forbidden');
  const asked = query.list('processCode');
  if (agent?.membership === null) {
    return agent.memberships.map(({ org, processes }) => {
      const seen = asked.length === 0 ? processes : asked.filter((code) => processes?.includes(code) ?? true);
      return { org, processes: seen && [...seen] };
    });
  }
  const { org, processes } = narrowed(caller, asked);
  return [{ org, processes: processes === undefined ? null : [...processes] }];
}
