/** A message with files: read from the browser, looked at, then sent. */

import type { Conflict } from '#lib/conflict.ts';
import { size as sizeWords } from '#lib/format/number.ts';
import { formatWords } from '#lib/formats.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { conflictNow, isMoved } from '#lib/server/cases/conflict.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { keyOf } from '#lib/server/hub/types.ts';
import type { Rights } from '#lib/talk.ts';
import { fileText } from '#lib/text/files.ts';
import { talkText } from '#lib/text/talk.ts';
import type { Fault } from '#lib/unsent.ts';
import { readFiles } from './drafts.ts';
import { mediaType } from './formats.ts';
import { type KeptFile, keepFiles, type Ready, readyAgain } from './kept.ts';
import { closeAll, type Form, MOST_FILES, receive } from './receive.ts';
import { rightsOf } from './rights.ts';
import { type Parcel, sendFiles } from './send.ts';
import { LONGEST, write } from './speak.ts';
import { takeRoom } from './spool.ts';

/** Texts and the form's own lines. */
const AROUND = 256 * 1024;

type Said = Fault | Conflict | string;

/** What is known of a form so far: whatever fails later must not lose it. */
export interface Held {
  texts: Form['texts'];
  /** that need not be chosen again */
  files: KeptFile[];
}

/** The names of the form's texts. */
export const textIn = (texts: Form['texts'], name: string): string =>
  (texts.find(([each]) => each === name)?.[1] ?? '').replace(/\r\n/g, '\n').trim();

/** @returns the fault, or the sentence that says it is done @param held filled in on the way, also when this throws */
export async function takeParcel(session: Session, id: string, request: Request, held: Held): Promise<Said> {
  const { one, token } = await findCase(session, id);
  const rights = rightsOf(await processOf(token, one.processCode), one.status);
  const length = Number(request.headers.get('content-length'));
  const fits = length > 0 && length <= MOST_FILES * rights.largest + AROUND;
  const leave = fits ? takeRoom(length) : undefined;
  let form: Form;
  try {
    form = await receive(request, rights.formats.length > 0 && leave ? rights.largest : undefined);
  } catch (error) {
    leave?.();
    console.error(JSON.stringify({ upload: (error as Error).message }));
    return ofFiles(fileText.broken);
  }
  /** what waits on, as long as it is not sent */
  let ready: Ready[] = [];
  try {
    held.texts = form.texts;
    const again = await chosenBefore(session, id, form.texts);
    if (!again) return ofFiles(fileText.keptGone);
    ready = again;
    if (!fits) return ofFiles(fileText.tooMuch);
    if (!leave) return ofFiles(fileText.room);
    const fresh = checked(form, rights);
    if (!Array.isArray(fresh)) return fresh;
    if (again.length + fresh.length > MOST_FILES) return ofFiles(fileText.many);
    ready = [...again, ...fresh];
    const said = await deliver(session, id, form.texts, ready, rights);
    if (typeof said === 'string') ready = [];
    // The hub refused one of them.
    else if (isFault(said) && said.field === 'fichiers') ready = again;
    return said;
  } finally {
    held.files = await keepFiles(ready);
    await closeAll(form);
    leave?.();
  }
}

/** Files that waited since the form came back, where they are ticked; undefined when one of them is no more. */
async function chosenBefore(session: Session, id: string, texts: Form['texts']): Promise<Ready[] | undefined> {
  const ticked = texts.filter(([name]) => name === 'garde').map(([, value]) => value);
  if (ticked.length === 0) return [];
  const kept = (await readFiles(session.agent.email, id)).filter((file) => ticked.includes(file.id));
  const ready = (await Promise.all(kept.map(readyAgain))).filter((one) => one !== undefined);
  return ready.length === new Set(ticked).size ? ready : undefined;
}

async function deliver(
  session: Session,
  id: string,
  texts: Form['texts'],
  files: Ready[],
  rights: Rights,
): Promise<Said> {
  const letter = { text: textIn(texts, 'texte'), status: textIn(texts, 'suite'), seen: textIn(texts, 'depuis') };
  if (files.length === 0) {
    if (!rights.write) return ofFiles(fileText.missing);
    if (!letter.text) return { field: 'texte', message: fileText.nothing };
    return write(session, id, letter);
  }
  if (letter.text.length > LONGEST) return { field: 'texte', message: talkText.writeLong };
  // Read again: the form took its time to come.
  const { one } = await findCase(session, id);
  if (one.version !== letter.seen) return conflictNow(session, id);
  if (letter.status && !rights.withStatus.includes(letter.status))
    return { field: 'suite', message: talkText.statusGone };
  const parcel: Parcel = {
    caseId: one.id,
    organisation: keyOf(one.recipient),
    message: letter.text,
    files,
    seen: letter.seen,
    from: one.status,
    to: letter.status,
  };
  try {
    const sent = await sendFiles(session, parcel);
    return typeof sent === 'number' ? fileText.sent(sent) : sent;
  } catch (error) {
    if (isMoved(error)) return conflictNow(session, id);
    throw error;
  }
}

const ofFiles = (message: string): Fault => ({ field: 'fichiers', message });
const isFault = (said: Fault | Conflict): said is Fault => 'field' in said;

function checked({ files, large, many }: Form, { formats, largest }: Rights): Ready[] | Fault {
  if (many) return ofFiles(fileText.many);
  if (large[0] !== undefined) return ofFiles(fileText.large(large[0], sizeWords(largest)));
  if (files.length > 0 && formats.length === 0) return ofFiles(fileText.noFiles);
  const ready: Ready[] = [];
  for (const { name, said, spooled } of files) {
    const mimeType = mediaType(name, said, formats);
    if (mimeType === undefined) return ofFiles(fileText.format(name, formatWords(formats)));
    if (spooled.size === 0) return ofFiles(fileText.empty(name));
    ready.push({ name: name.slice(-255), mimeType, spooled });
  }
  return ready;
}
