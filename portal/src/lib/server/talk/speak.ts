/** What is said by an event without files. */
import type { Session } from '#lib/server/auth/session.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { addNote, sendMessage } from '#lib/server/hub/events.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { actText } from '#lib/text/case.ts';
import { shownStatus } from '#lib/text/statuses.ts';
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
  /** the status the agent saw */
  seen: string;
}

/** A message to the sender, with a new status where the démarche has that. */
export async function write(session: Session, id: string, { text, status, seen }: Letter): Promise<Fault | string> {
  if (!text) return { field: 'texte', message: talkText.writeMissing };
  if (text.length > LONGEST) return { field: 'texte', message: talkText.writeLong };
  const { one, token } = await findCase(session, id);
  const rules = await processOf(token, one.processCode);
  if (!rules.messageToTransmitter) return { field: 'texte', message: talkText.noWriting };
  if (status) {
    if (one.status !== seen) return { field: 'suite', message: actText.conflict(shownStatus(one.status).label) };
    const possible = rules.messageWithStatus !== false && targets(rules, one.status).includes(status as Target);
    if (!possible || isDecision(status)) return { field: 'suite', message: talkText.statusGone };
  }
  await sendMessage(token, id, { message: text, ...(status && { from: one.status, to: status }) });
  return talkText.writeDone;
}
