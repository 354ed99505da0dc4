/** What the slip of a case says. The PDF says it in the same order; what is not known is left out. */
import { moment } from '#lib/format/date.ts';
import { size } from '#lib/format/number.ts';
import { type Attachment, type Case, keyOf } from '#lib/server/hub/types.ts';
import { bordereauText } from '#lib/text/bordereau.ts';
import { pieceLabels } from '#lib/text/fields.ts';
import { statusLabels } from '#lib/text/statuses.ts';

export interface SlipPiece {
  attachment: Attachment;
  origin: string;
  /** hexadecimal; undefined: the file is not there */
  sha256: string | undefined;
  /** its name inside the ZIP, where the slip lies in one */
  archived?: string;
}

export interface SlipOf {
  one: Case;
  /** name of the démarche */
  process: string;
  organisation: string;
  /** of the case in the portal */
  address: string;
  pieces: readonly SlipPiece[];
}

export interface Slip {
  title: string;
  facts: { label: string; value: string }[];
  heading: string;
  pieces: { name: string; lines: string[] }[];
}

export function slipOf({ one, process, organisation, address, pieces }: SlipOf): Slip {
  const text = bordereauText;
  const status = (statusLabels as Record<string, string>)[one.status] ?? one.status;
  const facts: [label: string, value: string | null][] = [
    [text.number, one.externalId],
    [text.process, `${process} (${one.processCode})`],
    [text.applicant, `${one.applicant.lastName} ${one.applicant.firstName}`.trim()],
    [text.status, status],
    [text.organisation, organisation],
    [text.received, moment(one.transmissionDateTime ?? one.createDateTime)],
    [text.updated, one.updateDateTime && moment(one.updateDateTime)],
    [text.closed, one.closeDateTime && moment(one.closeDateTime)],
    [text.address, address],
  ];
  return {
    title: text.title(one.externalId),
    facts: facts.flatMap(([label, value]) => (value ? [{ label, value }] : [])),
    heading: text.pieces(pieces.length),
    pieces: pieces.map(({ attachment, origin, sha256, archived }) => ({
      name: attachment.fileName,
      lines: [
        text.piece(pieceLabels[attachment.type] ?? attachment.type, origin, size(attachment.size)),
        sha256 === undefined ? text.absent : text.digest(sha256),
        ...(archived === undefined ? [] : [text.archived(archived)]),
      ],
    })),
  };
}

/** All files of a case: those of the deposit, then those of its events. */
export function* piecesOf(one: Case): Generator<{ attachment: Attachment; origin: string; eventId?: string }> {
  const { deposit, sender, town } = bordereauText.origin;
  for (const attachment of one.attachments) yield { attachment, origin: deposit };
  for (const event of one.events) {
    const origin = keyOf(event.transmitter) === keyOf(one.recipient) ? town : sender;
    for (const attachment of event.attachments) yield { attachment, origin, eventId: event.id };
  }
}
