import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';

/**
 * Contract §5.8, as the member of its box's sorted set. Recipient and démarche are the box's; the time is in the
 * id. `eventStatus` is never stored: it is looked up when the list is read (contract §9).
 */
export interface NotificationState {
  id: Id;
  case: Id;
  event: Id | null;
  transmitter: OrgKey;
  /** recipient and démarche, for the right to delete it */
  recipient: OrgKey;
  process: string;
}
