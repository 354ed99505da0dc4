/** A message with files: read from the browser, looked at, then sent. */

import { size as sizeWords } from '#lib/format/number.ts';
import { formatWords } from '#lib/formats.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { keyOf } from '#lib/server/hub/types.ts';
import type { Rights } from '#lib/talk.ts';
import { actText } from '#lib/text/case.ts';
import { fileText } from '#lib/text/files.ts';
import { shownStatus } from '#lib/text/statuses.ts';
import { talkText } from '#lib/text/talk.ts';
import type { Fault } from '#lib/unsent.ts';
import { mediaType } from './formats.ts';
import { closeAll, type Form, MOST_FILES, receive } from './receive.ts';
import { rightsOf } from './rights.ts';
import { type Ready, sendFiles } from './send.ts';
import { LONGEST, write } from './speak.ts';
import { takeRoom } from './spool.ts';

/** Texts and the form's own lines. */
const AROUND = 256 * 1024;

export interface Told {
  /** the fault, or the sentence that says it is done */
  said: Fault | string;
  texts: Form['texts'];
}

/** The names of the form's texts. */
export const textIn = (texts: Form['texts'], name: string): string =>
  (texts.find(([each]) => each === name)?.[1] ?? '').replace(/\r\n/g, '\n').trim();

/** @param after called with the texts as soon as they are known: what fails later must not lose them */
export async function takeParcel(
  session: Session,
  id: string,
  request: Request,
  after: (texts: Form['texts']) => void,
): Promise<Told> {
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
    return { said: { field: 'fichiers', message: fileText.broken }, texts: [] };
  }
  try {
    const { texts } = form;
    after(texts);
    if (!fits) return { said: { field: 'fichiers', message: fileText.tooMuch }, texts };
    if (!leave) return { said: { field: 'fichiers', message: fileText.room }, texts };
    const letter = { text: textIn(texts, 'texte'), status: textIn(texts, 'suite'), seen: textIn(texts, 'depuis') };
    const files = checked(form, rights);
    if (!Array.isArray(files)) return { said: files, texts };
    if (files.length === 0) {
      if (!rights.write) return { said: { field: 'fichiers', message: fileText.missing }, texts };
      if (!letter.text) return { said: { field: 'texte', message: fileText.nothing }, texts };
      return { said: await write(session, id, letter), texts };
    }
    if (letter.text.length > LONGEST) return { said: { field: 'texte', message: talkText.writeLong }, texts };
    if (letter.status && one.status !== letter.seen) {
      return { said: { field: 'suite', message: actText.conflict(shownStatus(one.status).label) }, texts };
    }
    if (letter.status && !rights.withStatus.includes(letter.status)) {
      return { said: { field: 'suite', message: talkText.statusGone }, texts };
    }
    const sent = await sendFiles(session, {
      caseId: one.id,
      organisation: keyOf(one.recipient),
      message: letter.text,
      files,
      from: one.status,
      to: letter.status,
    });
    return { said: typeof sent === 'number' ? fileText.sent(sent) : sent, texts };
  } finally {
    await closeAll(form);
    leave?.();
  }
}

function checked({ files, large, many }: Form, { formats, largest }: Rights): Ready[] | Fault {
  const fault = (message: string): Fault => ({ field: 'fichiers', message });
  if (many) return fault(fileText.many);
  if (large[0] !== undefined) return fault(fileText.large(large[0], sizeWords(largest)));
  if (files.length > 0 && formats.length === 0) return fault(fileText.noFiles);
  const ready: Ready[] = [];
  for (const { name, said, spooled } of files) {
    const mimeType = mediaType(name, said, formats);
    if (mimeType === undefined) return fault(fileText.format(name, formatWords(formats)));
    if (spooled.size === 0) return fault(fileText.empty(name));
    ready.push({ name: name.slice(-255), mimeType, spooled });
  }
  return ready;
}
