/** Files back to the sender, all or none: nothing reaches it before the last step (decision 024). */
import type { Session } from '#lib/server/auth/session.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { beginDeposit, dropDeposit, putFile, readEvent, sendDeposit } from '#lib/server/hub/deposits.ts';
import { fileText } from '#lib/text/files.ts';
import type { Fault } from '#lib/unsent.ts';
import type { Ready } from './kept.ts';

export interface Parcel {
  caseId: string;
  /** key of the case's organisation */
  organisation: string;
  message: string;
  files: readonly Ready[];
  /** version of the case the agent saw */
  seen: string;
  from: string;
  /** '' = the case stays where it is */
  to: string;
}

/** What an SI's answer is called; the hub looks at no type here (contract §6). */
const TYPE = 'reponse';

/** The fault, or how many files were sent. @throws HubProblem 412 when the case is another by now. A token lives two minutes, an upload may take longer: each step has its own. */
export async function sendFiles(session: Session, parcel: Parcel): Promise<Fault | number> {
  const { caseId, organisation, message, files, seen, from, to } = parcel;
  const token = (): Promise<string> => session.freshToken(organisation);
  const attachments = files.map(({ name, mimeType, spooled: { size } }) => ({
    fileName: name,
    type: TYPE,
    size,
    mimeType,
  }));
  const event = await beginDeposit(await token(), caseId, { message, attachments, seen, ...(to && { from, to }) });
  const place = { caseId, eventId: event.id };
  try {
    for (const [index, { name, spooled }] of files.entries()) {
      const attachmentId = event.attachments[index]!.id;
      const { size, digest } = spooled;
      try {
        await putFile(await token(), { ...place, attachmentId, size, digest }, spooled.read());
      } catch (error) {
        if (!(error instanceof HubProblem) || error.status >= 500 || error.status === 401) throw error;
        await drop(await token(), place);
        return { field: 'fichiers', message: fileText.refused(name, index) };
      }
    }
    await sendDeposit(await token(), caseId, event.id);
  } catch (error) {
    return settled(session, parcel, event.id, error);
  }
  return files.length;
}

/** The answer was lost: whether the event left is asked, and what did not leave is taken back. */
async function settled(
  session: Session,
  { caseId, organisation, files }: Parcel,
  eventId: string,
  error: unknown,
): Promise<Fault | number> {
  if (!(error instanceof HubProblem)) throw error;
  try {
    const token = await session.freshToken(organisation);
    const { status } = await readEvent(token, caseId, eventId);
    if (status !== 'IN_PROGRESS') return files.length;
    await drop(token, { caseId, eventId });
  } catch (again) {
    if (!(again instanceof HubProblem)) throw again;
    return { field: 'fichiers', message: fileText.unknown };
  }
  throw error;
}

/** What is not taken back stays unsent: the sender never sees it, the thread says so. */
const drop = (token: string, { caseId, eventId }: { caseId: string; eventId: string }): Promise<void> =>
  dropDeposit(token, caseId, eventId).catch(() => undefined);
