import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import type { OrgKey } from '../../organization.ts';
import { type Door, type DoorWord, doorOf, isNewer, isOpen, withDoorOf } from '../../records/door.ts';
import { recipientName } from '../../records/names.ts';
import type { RecipientState } from '../../records/recipient.ts';
import { openBox } from '../mailbox/box.ts';

/** A box and its door: what of a native deposit is decided by, in the recipient's own turn. */
export interface Entrance {
  recipient: RecipientState;
  box: number;
  door: Door;
}

export const withDoor = ({ recipient, box }: Omit<Entrance, 'door'>, door: Door): RecipientState => ({
  ...recipient,
  doors: withDoorOf(recipient.doors, box, door),
});

/**
 * The door of a démarche after what somebody says of the subscription: the referential, each time it changes, or a
 * deposit, which knows what its API process read just before. The newer word stands, whichever comes first. A door that
 * opens before held cases begins their release.
 */
export function learn(decision: Decision, org: OrgKey, process: string, word: DoorWord, mail: string | null): Entrance {
  const { recipient, box } = openBox(decision, org, process);
  const known = doorOf(recipient.doors, box);
  if (known !== undefined && !isNewer(word, known.word)) return { recipient, box, door: known };
  const door: Door = { held: 0, last: 0, ...known, word };
  const next = withDoor({ recipient, box }, door);
  decision.put(recipientName(org), next);
  if (isOpen(word) && door.held > 0) decision.continue({ command: { kind: 'mailbox.release', org, process, mail } });
  return { recipient: next, box, door };
}

/** Cases are taken at once: the subscription is active, and none waits that came before. */
export const admits = ({ word, held }: Door): boolean => isOpen(word) && held === 0;

export function decideDoor({ org, process, word, mail }: CommandOf<'mailbox.door'>, decision: Decision): void {
  learn(decision, org, process, word, mail);
}
