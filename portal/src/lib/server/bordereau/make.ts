/** The slip of a case as it is now, for the agent who asks. */
import type { Session } from '#lib/server/auth/session.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { digestsOf } from '#lib/server/hub/files.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { keyOf } from '#lib/server/hub/types.ts';
import { settings } from '#lib/server/settings.ts';
import { plain } from '#lib/server/zip/names.ts';
import { piecesOf, type Slip, slipOf } from './content.ts';
import { pressed } from './press.ts';

/** Slips in one file at most: as many as a page of the list has rows. */
export const MOST_SLIPS = 50;

export const addressOf = (caseId: string): string => new URL(`/dossiers/${caseId}`, settings().url).href;

async function slip(session: Session, id: string): Promise<{ number: string; slip: Slip }> {
  const { one, token } = await findCase(session, id);
  const [process, digests] = await Promise.all([processOf(token, one.processCode), digestsOf(token, one.id)]);
  const known = new Map(digests.map(({ attachmentId, sha256 }) => [attachmentId, sha256]));
  const made = slipOf({
    one,
    process: process.name,
    organisation: session.nameOf(keyOf(one.recipient)),
    address: addressOf(one.id),
    pieces: Array.from(piecesOf(one), (piece) => ({ ...piece, sha256: known.get(piece.attachment.id) })),
  });
  return { number: one.externalId, slip: made };
}

/** One PDF, its first case's slip first. Cases are read one after the other: it is one agent's gesture. */
export async function slipsFor(session: Session, ids: readonly string[]): Promise<Response> {
  const found: Awaited<ReturnType<typeof slip>>[] = [];
  for (const id of ids) found.push(await slip(session, id));
  const bytes = await pressed({ slips: found.map((one) => one.slip), by: session.author, at: new Date() });
  const name = found.length === 1 ? `bordereau_${plain(found[0]?.number ?? '').slice(0, 80)}` : 'bordereaux';
  return new Response(bytes, {
    headers: {
      'content-type': 'application/pdf',
      'content-length': String(bytes.length),
      'content-disposition': `inline; filename="${name}.pdf"`,
    },
  });
}
