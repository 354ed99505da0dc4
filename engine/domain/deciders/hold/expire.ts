import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { type Id, ownEventId, parts } from '../../ids.ts';
import { partitionOf } from '../../placement.ts';
import { doorOf, isOpen } from '../../records/door.ts';
import type { EventState } from '../../records/event.ts';
import type { HeldState } from '../../records/held.ts';
import { caseName, heldName } from '../../records/names.ts';
import { addEvent, hasRoom } from '../case/events.ts';
import { withStatus } from '../case/status.ts';
import { openBox } from '../mailbox/box.ts';
import { tellFeed } from '../mailbox/news.ts';
import { notify } from '../mailbox/notify.ts';
import { carry } from '../send.ts';
import { learn } from './door.ts';
import { arm, dequeue, noticeAt } from './queue.ts';
import { needCases, release } from './release.ts';

/** What the sender reads in its software. */
export const RETURN_REASON =
  'Dossier non distribué : l’organisation destinataire n’a pas d’abonnement actif à cette démarche à la fin du délai ' +
  'de garde. Transmettez la demande par une autre voie, ou déposez-la de nouveau quand l’organisation sera abonnée.';

/** A case whose time is over while its door is open is about to be released; if the door closes before, it is not forgotten. ms */
const RELOOK_MS = 3_600_000;

/** Timer: its sender is told of the end; then to the fallback of the démarche, or back. A case being released stays. */
export function decideExpire({ org, case: id }: CommandOf<'mailbox.expire'>, decision: Decision): void {
  const entry = decision.get(heldName(id));
  if (entry === undefined || entry.org !== org) return;
  const { recipient, box } = openBox(decision, org, entry.process);
  const door = doorOf(recipient.doors, box);
  const open = door !== undefined && isOpen(door.word);
  if (entry.due > decision.now) giveNotice(decision, id, entry, open);
  else if (open) arm(decision, id, org, decision.now + RELOOK_MS);
  else leave(decision, id, entry);
}

function leave(decision: Decision, id: Id, entry: HeldState): void {
  const { org } = entry;
  const { fallback, process, sender } = entry;
  needCases(decision, [id]);
  dequeue(decision, id, entry);
  if (fallback === null || fallback.org === org) giveBack(decision, id);
  else {
    const message = { kind: 'mailbox.fallback', case: id, process, sender, fallback } as const;
    const home = partitionOf(fallback.org);
    if (home === decision.partition) decideFallback(message, decision);
    else carry(decision, home, message, false);
  }
}

/**
 * There is still time to have the organisation subscribe, or to send the request another way. Told once: a case may come
 * to a server whose clock is behind, and so may a timer. Then it is looked at again.
 */
function giveNotice(decision: Decision, id: Id, entry: HeldState, open: boolean): void {
  const { org, process, sender, due } = entry;
  const notice = noticeAt(entry);
  const tooEarly = !entry.told && notice > decision.now;
  arm(decision, id, org, tooEarly ? notice : due);
  if (entry.told || tooEarly || open) return;
  tellFeed(decision, sender, { type: 'deadline', case: id, event: null, status: null, process });
  decision.put(heldName(id), { ...entry, told: true });
}

/** The fallback takes it when its own subscription is active; it never holds what was held already. */
export function decideFallback(command: CommandOf<'mailbox.fallback'>, decision: Decision): void {
  const { case: id, process, sender, fallback } = command;
  needCases(decision, [id]);
  const { door } = learn(decision, fallback.org, process, fallback.door, fallback.mail);
  if (isOpen(door.word)) release(decision, id, fallback.org, { process, sender }, fallback.mail, 'redirected');
  else giveBack(decision, id);
}

function giveBack(decision: Decision, id: Id): void {
  const { home } = parts(id);
  const message = { kind: 'case.returned', case: id } as const;
  if (home === decision.partition) decideReturned(message, decision);
  else carry(decision, home, message, false);
}

/**
 * Back to the sender, which software of the contract sees too: refused, with an event that says why and a notification.
 * A case with no room for one more event is refused without.
 */
export function decideReturned({ case: id }: CommandOf<'case.returned'>, decision: Decision): void {
  const state = decision.get(caseName(id));
  if (state?.holding?.state !== 'held') return;
  const { holding, recipient, sender, process } = state;
  const event = returnEvent(id, decision.now, recipient, state.status);
  const roomy = hasRoom(state, event);
  const told = roomy ? addEvent(decision, id, state, event) : state;
  const refused = withStatus(decision, id, { ...told, holding: null }, 'REFUSED', holding.purge);
  decision.put(caseName(id), { ...refused, holding: { ...holding, state: 'returned', until: decision.now } });
  notify(decision, {
    ...{ case: id, event: roomy ? event.id : null, transmitter: recipient, recipient: sender, process },
    ...{ type: 'returned', status: 'REFUSED' },
  });
  decision.count('cases_returned');
}

const returnEvent = (id: Id, now: number, transmitter: string, status: string): EventState => ({
  id: ownEventId(id, parts(id).home, now),
  transmitter,
  side: 'ADMIN',
  actionType: 'STATUS_UPDATE',
  notification: true,
  message: RETURN_REASON,
  comment: null,
  author: null,
  status: 'SENT',
  caseCurrentStatus: status,
  caseNewStatus: 'REFUSED',
  partnerAttributes: null,
  attachments: [],
  updated: null,
  partnerInfo: null,
});
