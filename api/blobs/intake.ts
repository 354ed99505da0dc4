import type { Request } from '#api/server/types.ts';
import type { Upload } from '#engine/domain/commands.ts';
import type { Id } from '#engine/domain/ids.ts';

/** What the attachment's description announces. */
export interface Announced {
  /** id of the attachment: the blob's name begins with it */
  id: Id;
  size: number;
  mimeType: string;
}

export interface Received {
  /** for the command `folder.upload` or `case.event.upload` */
  upload: Upload;
  /** sentence of the 400 to give once the command is committed; null: 204 */
  refusal: string | null;
}

export interface Intake {
  /**
   * Takes the body of a `stream` route that declares the header `digest`; bytes kept are on disk, synced.
   * @throws HttpError 400 (digest malformed), 408, 503; an aborted upload throws too. None leaves bytes behind.
   */
  receive(request: Request, announced: Announced): Promise<Received>;
}
