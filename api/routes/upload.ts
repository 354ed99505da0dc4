import type { Announced } from '#api/blobs/intake.ts';
import { isLate } from '#api/blobs/sweep.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { HttpError, overloaded, refused } from '#api/server/errors.ts';
import type { Reply, Request } from '#api/server/types.ts';
import type { Upload } from '#engine/domain/commands/contents.ts';
import type { Command } from '#engine/domain/commands.ts';
import { traced } from '#engine/domain/trace.ts';

/**
 * Takes the bytes of an attachment, then tells its record what was found (contract §6). A 400 comes after the record
 * says REJECTED: the effect is visible as soon as it is answered. When the hub is too busy to say whether the command
 * was taken, the bytes stay: a commit that comes late needs them.
 */
export async function take(
  deps: ApiDeps,
  request: Request,
  announced: Announced,
  partition: number,
  command: (upload: Upload) => Command,
): Promise<Reply> {
  const { upload, refusal, at } = await deps.intake.receive(request, announced);
  // A process frozen in between (decision record 003).
  if (isLate(at)) throw overloaded('uploads');
  const answer = await deps.hub.ask(partition, traced(command(upload), request.trace));
  if (answer.status >= 400 && answer.status < 500) {
    if (upload.blob !== null) await deps.blobs.remove([upload.blob]);
    throw refused(answer);
  }
  if (answer.status >= 500) throw refused(answer);
  if (refusal !== null) throw new HttpError(400, refusal);
  return { status: 204 };
}
