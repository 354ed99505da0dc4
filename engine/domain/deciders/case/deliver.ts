import { unbundled } from '../../bundle.ts';
import type { CaseContent, Holding, PurgeSettings } from '../../commands/contents.ts';
import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { folderOf, type Id, parts } from '../../ids.ts';
import type { CaseState } from '../../records/case.ts';
import { caseName, stagedName } from '../../records/names.ts';
import { holdUnlessAdmitted } from '../hold/hold.ts';
import { needRecipients } from '../mailbox/box.ts';
import { carry } from '../send.ts';
import { show } from './show.ts';

function created(content: CaseContent): CaseState {
  const { recipient, sender, process, externalId, applicant, partnerAttributes } = content;
  return {
    recipient,
    sender,
    process,
    externalId,
    applicant,
    partnerAttributes,
    status: 'HUBEE_RECEIVED',
    visible: false,
    updated: null,
    transmitted: null,
    closed: null,
    attachments: [],
    purge: null,
    events: [],
    eventChunks: 0,
    holding: null,
  };
}

/**
 * Creates a case in its home: shown at once; staged, to be shown with the others of a large folder; or opened early,
 * for an event or a status that comes before the folder is completed. What was opened early takes its files here.
 */
export function deliver(decision: Decision, command: CommandOf<'case.deliver'>): void {
  const { case: id, content, purge } = command;
  const name = caseName(id);
  const known = command.opened ? decision.get(name) : undefined;
  if (!command.show && !command.staged) {
    decision.put(name, created(content));
    return;
  }
  decision.weight += content.attachments.length;
  const attachments = content.attachments.map((file) => ({ ...file, portalPurged: false }));
  const state: CaseState = { ...(known ?? created(content)), attachments };
  if (command.show) {
    if (purge === null) throw new Error('a case shown needs the settings of its démarche');
    if (!holdUnlessAdmitted(decision, id, state, command))
      showTimed(decision, id, state, { mail: command.mail, purge, accepted: command.accepted });
    return;
  }
  decision.put(name, state);
  const stage = stagedName(folderOf(id));
  const staged = decision.get(stage) ?? { cases: [], mails: [], holding: null };
  decision.put(stage, {
    cases: [...staged.cases, id],
    mails: [...staged.mails, command.mail],
    holding: command.hold ? { ...command.hold, doors: [...(staged.holding?.doors ?? []), command.hold.door] } : null,
  });
}

function showTimed(
  decision: Decision,
  id: Id,
  state: CaseState,
  { mail, purge, accepted }: { mail: string | null; purge: PurgeSettings; accepted: number | undefined },
): void {
  show(decision, id, state, mail, purge);
  if (accepted !== undefined) decision.time('available', accepted);
}

/** What a delivery bears of its deposit's holding: nothing for the contract's. */
export const holdOf = (holding: Holding | null | undefined, index: number): Pick<CommandOf<'case.deliver'>, 'hold'> =>
  holding ? { hold: { terms: holding.terms, door: holding.doors[index] ?? 0 } } : {};

/** When a deposit was accepted, as far as it is known. */
export const acceptedAt = (accepted: number | undefined): { accepted?: number } =>
  accepted === undefined ? {} : { accepted };

/** Shows the next cases of a folder that were staged here, `size` of them. True: some are left. */
export function showStaged(decision: Decision, { folder, size, purge, accepted }: CommandOf<'case.show'>): boolean {
  const name = stagedName(folder);
  const staged = decision.get(name);
  if (staged === undefined) return false;
  const cases = staged.cases.slice(0, size);
  decision.need(cases.map(caseName));
  const states = cases.map((id) => decision.get(caseName(id)));
  needRecipients(
    decision,
    states.flatMap((state) => state?.recipient ?? []),
  );
  for (const [index, id] of cases.entries()) {
    const state = states[index];
    const mail = staged.mails[index] ?? null;
    const hold = holdOf(staged.holding, index);
    if (state && !holdUnlessAdmitted(decision, id, state, { mail, purge, ...hold }))
      showTimed(decision, id, state, { mail, purge, accepted });
  }
  if (size < staged.cases.length) {
    const { holding } = staged;
    decision.put(name, {
      cases: staged.cases.slice(size),
      mails: staged.mails.slice(size),
      holding: holding && { ...holding, doors: holding.doors.slice(size) },
    });
    return true;
  }
  decision.remove(name);
  return false;
}

export const decideDeliver = (command: CommandOf<'case.deliver'>, decision: Decision): void =>
  deliver(decision, command);

/** All or none: only who cannot take them apart decides a bundle so. */
export function decideDeliverAll(command: CommandOf<'cases.deliver'>, decision: Decision): void {
  for (const delivery of unbundled(command)) deliver(decision, delivery);
}

/**
 * What is left is shown in a later turn, asked for by the folder's home: going there and back keeps the request that
 * waits for this delivery waiting, and lets others have their turn.
 */
export function decideShow(command: CommandOf<'case.show'>, decision: Decision): void {
  if (!showStaged(decision, command)) return;
  const { folder, size, purge, accepted } = command;
  const next = { kind: 'folder.show', folder, to: decision.partition, size, purge, ...acceptedAt(accepted) } as const;
  carry(decision, parts(folder).home, next, true);
}
