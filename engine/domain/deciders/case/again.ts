import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import type { CaseStatus } from '../../records/case.ts';
import { caseName } from '../../records/names.ts';
import { notify } from '../mailbox/notify.ts';

/** Where a case still waits for its recipient. */
const UNFINISHED: ReadonlySet<CaseStatus> = new Set([
  'HUBEE_NOTIFIED',
  'SENT',
  'SI_RECEIVED',
  'IN_PROGRESS',
  'ADD_AWAITING',
]);

/** Its recipient reads notifications from now on, and may have lost those of cases it has not done with. */
export function decideNotifyAgain(command: CommandOf<'case.notify-again'>, decision: Decision): void {
  const { case: id, recipient } = command;
  const state = decision.get(caseName(id));
  if (state?.visible && state.recipient === recipient && UNFINISHED.has(state.status)) {
    const { sender: transmitter, process } = state;
    notify(decision, { case: id, event: null, transmitter, recipient, process });
  }
  decision.reply(204);
}
