/** Whether the sender has answered a request for documents. */
import { isOpen } from './transitions.ts';

export interface Told {
  ours: boolean;
  actionType: string;
  caseNewStatus: string | null;
}

const SPEAKS = ['SENDING_MESSAGE', 'ATTACH_DEPOSIT'];
const BACK = ['HUBEE_COMPLETED', 'HUBEE_NOTIFIED'];

/** True from the sender's answer until the organisation says or decides something. @param events oldest first */
export function isAnswered(status: string, events: readonly Told[]): boolean {
  let asked = false;
  let answered = false;
  for (const { ours, actionType, caseNewStatus } of events) {
    const says = SPEAKS.includes(actionType) || caseNewStatus !== null;
    if (!says) continue;
    if (ours) {
      asked = caseNewStatus === 'ADD_AWAITING' || (asked && !answered && caseNewStatus === null);
      answered = false;
    } else if (asked && (SPEAKS.includes(actionType) || BACK.includes(caseNewStatus ?? ''))) {
      answered = true;
    }
  }
  return answered && isOpen(status);
}

/** In a list, where events are not read: an awaiting case nobody has opened since something came. */
export const looksAnswered = (status: string, unread: boolean): boolean =>
  status === 'HUBEE_COMPLETED' || (status === 'ADD_AWAITING' && unread);
