import type { BundledCase } from './commands/contents.ts';
import type { CommandOf } from './commands.ts';
import { derive, type Id, KIND, parts } from './ids.ts';

type Delivery = CommandOf<'case.deliver'>;
type Bundle = CommandOf<'cases.deliver'>;
type File = Delivery['content']['attachments'][0];

/**
 * Cases of one folder for one partition, as one message with one copy of what they share: a folder of thousands sends
 * each partition its applicant, files and delays once. The partition that hears it decides each delivery as if it had
 * come alone, so that one that fails, or whose actor is parked, keeps none of the others.
 */
export function bundle(folder: Id, home: number, deliveries: readonly Delivery[]): Delivery | Bundle {
  const [first] = deliveries;
  if (first === undefined) throw new Error('a bundle holds a case');
  if (deliveries.length === 1) return first;
  const { sender, process, applicant } = first.content;
  const attachments = filesOf(deliveries);
  const places = new Map(attachments.map(({ index }, place) => [index, place]));
  return {
    kind: 'cases.deliver',
    folder,
    home,
    content: { sender, process, applicant, attachments },
    show: first.show,
    staged: first.staged,
    purge: first.purge,
    ...(first.accepted !== undefined && { accepted: first.accepted }),
    ...(first.hold && { terms: first.hold.terms }),
    cases: deliveries.map((delivery) => bundled(delivery, places)),
  };
}

/** Files of any of them, in the order of their folder. */
function filesOf(deliveries: readonly Delivery[]): File[] {
  const files = new Map<number, File>();
  for (const { content } of deliveries) for (const file of content.attachments) files.set(file.index, file);
  return [...files.values()].sort((one, other) => one.index - other.index);
}

function bundled(
  { case: id, content, opened, mail, hold }: Delivery,
  places: ReadonlyMap<number, number>,
): BundledCase {
  const { recipient, externalId, partnerAttributes, attachments } = content;
  const made: BundledCase = { index: parts(id).index, recipient, externalId };
  if (partnerAttributes !== null) made.partnerAttributes = partnerAttributes;
  if (mail !== null) made.mail = mail;
  if (opened) made.opened = true;
  if (hold !== undefined) made.door = hold.door;
  if (attachments.length < places.size) made.files = attachments.map(({ index }) => places.get(index) as number);
  return made;
}

/** The deliveries it was made of, in their order. */
export function unbundled({ folder, home, content, show, staged, purge, accepted, terms, cases }: Bundle): Delivery[] {
  const { sender, process, applicant, attachments } = content;
  return cases.map(({ index, recipient, externalId, partnerAttributes = null, mail = null, opened, door, files }) => ({
    kind: 'case.deliver',
    case: derive(folder, KIND.case, home, index),
    content: {
      recipient,
      sender,
      process,
      externalId,
      applicant,
      partnerAttributes,
      attachments: files?.map((place) => attachments[place] as File) ?? attachments,
    },
    show,
    staged,
    opened: opened ?? false,
    mail,
    purge,
    ...(accepted !== undefined && { accepted }),
    ...(terms && { hold: { terms, door: door ?? 0 } }),
  }));
}
