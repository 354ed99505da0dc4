import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import type { Id } from '../../ids.ts';
import type { CaseState } from '../../records/case.ts';
import { caseName } from '../../records/names.ts';
import { tellFeed } from '../mailbox/news.ts';
import { admits, learn } from './door.ts';
import { enqueue } from './queue.ts';

type Held = Pick<CommandOf<'case.deliver'>, 'mail' | 'purge' | 'hold'>;

/**
 * Holds a case of a native deposit unless its recipient may have it now. The case and the mailbox lie in the same
 * partition, and a delivered case needs the mailbox's record anyway. True: it is held, its sender told.
 */
export function holdUnlessAdmitted(decision: Decision, id: Id, state: CaseState, { mail, purge, hold }: Held): boolean {
  if (hold === undefined || purge === null) return false;
  const { recipient: org, sender, process } = state;
  const { terms, door: word } = hold;
  const entrance = learn(decision, org, process, word, mail);
  if (admits(entrance.door)) return false;
  const since = decision.now;
  const due = since + terms.ms;
  const first = enqueue(decision, entrance, id, { process, sender, since, due, fallback: terms.fallback });
  if (first && terms.owner !== null) {
    decision.job({ kind: 'mail', body: { to: terms.owner, process, organization: org } });
  }
  decision.put(caseName(id), { ...state, holding: { state: 'held', since, until: due, purge } });
  tellFeed(decision, sender, { type: 'held', case: id, event: null, status: null, process });
  decision.count('cases_held');
  return true;
}
