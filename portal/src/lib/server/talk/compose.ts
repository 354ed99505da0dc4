/** What the sender reads of a request for documents, and of a refusal. */
import { reasonsOf, refusalText } from '#lib/text/reasons.ts';
import { piecesOf, requestText } from '#lib/text/requests.ts';
import type { Fault } from '#lib/unsent.ts';

const LINE = '– ';

/** A list of pieces, then what the agent wrote. */
export function requestOf(code: string, chosen: readonly string[], more: string): Fault | string {
  const known = piecesOf(code).filter((piece) => chosen.includes(piece));
  if (known.length === 0 && !more) return { field: 'pieces', message: requestText.nothing };
  const list = known.length === 0 ? [] : [requestText.list, ...known.map((piece) => LINE + piece)];
  return [list.join('\n'), more].filter(Boolean).join('\n\n');
}

/** The reason's sentence, then what the agent wrote. */
export function refusalOf(code: string, id: string, more: string): Fault | string {
  const reason = reasonsOf(code).find((one) => one.id === id);
  if (!reason) return { field: 'motif', message: refusalText.missingReason };
  if (!reason.sentence && !more) return { field: 'precisions', message: refusalText.missingWords };
  return [reason.sentence, more].filter(Boolean).join('\n');
}
