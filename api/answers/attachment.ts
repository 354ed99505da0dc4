import { derive, type Id, KIND, parts, toUuid } from '#engine/domain/ids.ts';
import type { Attachment } from '#engine/domain/records/folder.ts';

/** Contract §5.4, as shown in a case or an event. */
export const attachmentAnswer = (id: Id, attachment: Attachment) => ({
  id: toUuid(id),
  status: attachment.status,
  fileName: attachment.fileName,
  type: attachment.type,
  size: attachment.size,
  mimeType: attachment.mimeType,
});

/** Id of a folder's attachment. */
export const folderAttachmentId = (folder: Id, index: number): Id =>
  derive(folder, KIND.attachment, parts(folder).home, index);

/** Id of an event's attachment. */
export const eventAttachmentId = (event: Id, index: number): Id =>
  derive(event, KIND.eventAttachment, parts(event).home, index);

/** Index of a folder's attachment, undefined when the id is not of this folder. */
export function indexInFolder(folder: Id, attachment: Id): number | undefined {
  const { index } = parts(attachment);
  return folderAttachmentId(folder, index) === attachment ? index : undefined;
}

/** Index of an event's attachment, undefined when the id is not of this event. */
export function indexInEvent(event: Id, attachment: Id): number | undefined {
  const { index } = parts(attachment);
  return eventAttachmentId(event, index) === attachment ? index : undefined;
}
