import type { CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import { orgKey } from '../organization.ts';
import { organizationName, processName, subscriptionName } from '../records/names.ts';
import type { HoldRule } from '../records/process.ts';
import { told } from './subscription.ts';

const DAY_MS = 24 * 3_600_000;
/** Subscriptions suspended by one turn: a démarche may have thousands. */
export const SUSPENDED_PER_TURN = 256;

const timerOf = (code: string): string => `suspend ${code}`;

/** Contract §7, POST /processes: 201 with the state, or `processExists`. */
export function decideCreate(command: CommandOf<'process.create'>, decision: Decision): void {
  const name = processName(command.process.code);
  if (decision.get(name)) decision.refuse('processExists', command.process.code);
  checkFallback(decision, command.process.hold);
  const { hold = null, timeBeforeDeadline = null } = command.process;
  const state = { ...command.process, hold, timeBeforeDeadline, created: decision.now, updated: null };
  decision.put(name, state);
  decision.count('process.created');
  decision.reply(201, state);
}

/** Contract §7, PUT /processes/{code}: the whole object; its code is its key and never changes. */
export function decideUpdate(command: CommandOf<'process.update'>, decision: Decision): void {
  const name = processName(command.code);
  const stored = decision.get(name);
  if (!stored) decision.refuse('processUnknown');
  if (command.process.code !== command.code) {
    decision.refuse('rule', `Process ${command.code} cannot be renamed to ${command.process.code}: its code is fixed`);
  }
  checkFallback(decision, command.process.hold);
  const { hold = stored.hold, timeBeforeDeadline = stored.timeBeforeDeadline } = command.process;
  const state = { ...command.process, hold, timeBeforeDeadline, created: stored.created, updated: decision.now };
  decision.put(name, state);
  if (state.isActivated) decision.untimer(timerOf(command.code));
  else if (stored.isActivated && command.suspend) {
    const { days, subscriptions } = command.suspend;
    const next = { kind: 'process.suspend', code: command.code, subscriptions } as const;
    decision.timer(timerOf(command.code), decision.now + days * DAY_MS, { command: next });
  }
  decision.reply(200, state);
}

/** Whether it is subscribed is seen when a case comes to it: subscriptions come after their démarche. */
function checkFallback(decision: Decision, hold: HoldRule | null | undefined): void {
  if (!hold?.fallback) return;
  const key = orgKey(hold.fallback);
  if (hold.fallback.type !== 'SI' || !decision.get(organizationName(key))) {
    decision.refuse('rule', `The fallback of a process is an organization of type SI that exists: ${key} is none`);
  }
}

/**
 * The timer of a deactivation (contract §8.6): subscriptions still `Actif` become `Suspendu`, unless the démarche is
 * active again. There are no others: a deactivated démarche takes no new ones.
 */
export function decideSuspend(command: CommandOf<'process.suspend'>, decision: Decision): void {
  const { code, subscriptions } = command;
  if (decision.get(processName(code))?.isActivated !== false) return;
  const names = subscriptions.slice(0, SUSPENDED_PER_TURN).map(subscriptionName);
  decision.need(names);
  for (const name of names) {
    const stored = decision.get(name);
    if (stored?.status !== 'Actif') continue;
    const state = { ...stored, status: 'Suspendu', updateDateTime: decision.now } as const;
    decision.put(name, told(state, true, decision));
    decision.count('subscription.suspended');
  }
  if (subscriptions.length > SUSPENDED_PER_TURN) {
    decision.continue({ command: { ...command, subscriptions: subscriptions.slice(SUSPENDED_PER_TURN) } });
  }
}
