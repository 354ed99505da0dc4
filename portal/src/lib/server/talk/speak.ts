/** What is said by an event without files. */

import type { Conflict } from '#lib/conflict.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { conflictNow, isMoved } from '#lib/server/cases/conflict.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { addNote, sendMessage } from '#lib/server/hub/events.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { talkText } from '#lib/text/talk.ts';
import { isDecision, type Target, targets } from '#lib/transitions.ts';
import type { Fault } from '#lib/unsent.ts';

export const LONGEST = 1000;

/** A note for colleagues. The fault, or what is said of it. */
export async function note(session: Session, id: string, text: string): Promise<Fault | string> {
  if (!text) return { field: 'note', message: talkText.noteMissing };
  if (text.length > LONGEST) return { field: 'note', message: talkText.noteLong };
  const { token } = await findCase(session, id);
  await addNote(token, id, text);
  return talkText.noteDone;
}

export interface Letter {
  text: string;
  /** '' = the case stays where it is */
  status: string;
  /** the version of the case the agent saw */
  seen: string;
}

/**
 * A message to the sender, with a new status where the démarche has that. Written on a case that a colleague has decided on meanwhile it
 * could say the contrary: it comes back with what happened, and goes when it is sent again.
 */
export async function write(
  session: Session,
  id: string,
  { text, status, seen }: Letter,
): Promise<Fault | Conflict | string> {
  if (!text) return { field: 'texte', message: talkText.writeMissing };
  if (text.length > LONGEST) return { field: 'texte', message: talkText.writeLong };
  const { one, token } = await findCase(session, id);
  const rules = await processOf(token, one.processCode);
  if (!rules.messageToTransmitter) return { field: 'texte', message: talkText.noWriting };
  if (one.version !== seen) return conflictNow(session, id);
  if (status) {
    const possible = rules.messageWithStatus !== false && targets(rules, one.status).includes(status as Target);
    if (!possible || isDecision(status)) return { field: 'suite', message: talkText.statusGone };
  }
  try {
    await sendMessage(token, id, { message: text, seen, ...(status && { from: one.status, to: status }) });
  } catch (error) {
    if (isMoved(error)) return conflictNow(session, id);
    throw error;
  }
  return talkText.writeDone;
}
