import { bundle } from '../../bundle.ts';
import type { PurgeSettings } from '../../commands/contents.ts';
import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import type { Id } from '../../ids.ts';
import type { FolderCase, FolderState } from '../../records/folder.ts';
import { caseName, folderName, UNFINISHED } from '../../records/names.ts';
import { acceptedAt, deliver, holdOf, showStaged } from '../case/deliver.ts';
import { needRecipients } from '../mailbox/box.ts';
import { awaitPartitions, carry, onBehalf } from '../send.ts';
import { caseIdOf, casesOf, casesPerTurn, contentOf, filesOf, fitsOneTurn } from './cases.ts';

type Completion = Pick<CommandOf<'folder.complete'>, 'mails' | 'purge' | 'hold' | 'accepted'>;

type Delivery = CommandOf<'case.deliver'>;

/** Delivers the cases `from` to `to`, those of another partition in messages of `size` at most; `mails` are theirs. */
function deliverCases(
  decision: Decision,
  id: Id,
  folder: FolderState,
  [from, to, size]: [number, number, number],
  { mails, purge, hold, accepted }: Completion,
  staged: boolean,
): void {
  const files = filesOf(folder, from, to);
  const cases = casesOf(decision, id, folder, from, to);
  if (!staged)
    needRecipients(
      decision,
      cases.map((case_) => case_.recipient),
    );
  const opened = new Set(folder.opened);
  const elsewhere = new Map<number, Delivery[]>();
  needOpened(decision, id, folder, [from, to], cases);
  for (const [n, case_] of cases.entries()) {
    const delivery: Delivery = {
      kind: 'case.deliver',
      case: caseIdOf(id, from + n, case_),
      content: contentOf(folder, case_, files[n] ?? []),
      show: !staged,
      staged,
      opened: opened.has(from + n),
      mail: mails[n] ?? null,
      purge,
      ...acceptedAt(accepted),
      ...holdOf(hold, n),
    };
    const known = elsewhere.get(case_.home);
    if (case_.home === decision.partition) deliver(decision, delivery);
    else if (known) known.push(delivery);
    else elsewhere.set(case_.home, [delivery]);
  }
  for (const [home, deliveries] of elsewhere) {
    for (let first = 0; first < deliveries.length; first += size) {
      const some = deliveries.slice(first, first + size);
      carry(decision, home, bundle(id, home, some), !staged, some.length);
    }
  }
}

function needOpened(
  decision: Decision,
  id: Id,
  folder: FolderState,
  [from, to]: [number, number],
  cases: readonly FolderCase[],
): void {
  if (folder.opened.length === 0) return;
  const opened = folder.opened.filter((index) => index >= from && index < to);
  const local = opened.filter((index) => cases[index - from]?.home === decision.partition);
  decision.need(local.map((index) => caseName(caseIdOf(id, index, cases[index - from] as FolderCase))));
}

/** Partitions that hold cases of a folder. */
export const homesOf = (decision: Decision, id: Id, folder: FolderState): Set<number> =>
  new Set(casesOf(decision, id, folder, 0, folder.caseCount).map(({ home }) => home));

/** Turns of the longest completion, twice over: one that was given up must not keep others waiting for ever. */
const MAX_WAITED = 5000;

/** Comes again after the next chunk of a completion. @throws DomainError busy when it seems to have no end */
export function awaitCompletion(decision: Decision, command: CommandOf<'folder.patch' | 'folder.open'>): void {
  const waited = (command.waited ?? 0) + 1;
  if (waited > MAX_WAITED) decision.refuse('busy');
  decision.continue(onBehalf(decision, { ...command, waited }));
}

/** Last step: read anew, for the deliveries above may have changed its links. */
function setNotified(decision: Decision, id: Id): void {
  const name = folderName(id);
  const folder = decision.get(name) as FolderState;
  decision.drop(UNFINISHED, id);
  decision.put(name, { ...folder, status: 'HUBEE_NOTIFIED', updated: decision.now, opened: [] });
  decision.reply(204);
}

/**
 * Ends a deposit (contract §§6, 9): every case goes to its home and is shown there. What is too much for one turn goes in
 * chunks, one a turn, and stays unseen until the last chunk has been sent; it is then shown in chunks too.
 */
export function complete(decision: Decision, id: Id, folder: FolderState, completion: Completion): void {
  const pending = folder.attachments.findIndex((file) => file.status === 'PENDING');
  if (pending >= 0) {
    const which = `Attachment ${pending + 1} of ${folder.attachments.length}`;
    decision.refuse('rule', `${which} is still PENDING: upload it before completing the folder`);
  }
  const size = casesPerTurn(folder);
  if (folder.caseCount <= size || fitsOneTurn(decision, id, folder, size, completion.mails)) {
    deliverCases(decision, id, folder, [0, folder.caseCount, size], completion, false);
    setNotified(decision, id);
    return;
  }
  decision.put(folderName(id), { ...folder, status: 'HUBEE_COMPLETED' });
  decision.continue(onBehalf(decision, { kind: 'folder.complete', folder: id, from: 0, size, ...completion }));
}

/**
 * One chunk of a completion; each commit carries the next one, so that a crash loses nothing. After the last one the
 * cases staged here are shown; then the other partitions are told to show theirs, and the request waits for them.
 */
export function decideComplete(command: CommandOf<'folder.complete'>, decision: Decision): void {
  const { folder: id, from, size, mails, purge, hold } = command;
  const accepted = acceptedAt(command.accepted);
  const folder = decision.get(folderName(id));
  if (folder === undefined || folder.status !== 'HUBEE_COMPLETED') return;
  if (from < folder.caseCount) {
    const to = Math.min(from + size, folder.caseCount);
    deliverCases(decision, id, folder, [from, to, size], { mails, purge, ...(hold && { hold }), ...accepted }, true);
    const rest = hold && { hold: { ...hold, doors: hold.doors.slice(size) } };
    decision.continue(onBehalf(decision, { ...command, from: to, mails: mails.slice(size), ...rest }));
  } else if (showStaged(decision, { kind: 'case.show', folder: id, size, purge, ...accepted })) {
    decision.continue(onBehalf(decision, command));
  } else {
    showElsewhere(decision, id, folder, { size, purge, ...accepted });
    setNotified(decision, id);
  }
}

/** In the same decision as the answer, which then waits for them. */
function showElsewhere(
  decision: Decision,
  id: Id,
  folder: FolderState,
  how: Pick<CommandOf<'case.show'>, 'size' | 'purge' | 'accepted'>,
): void {
  for (const home of homesOf(decision, id, folder)) {
    if (home !== decision.partition) carry(decision, home, { kind: 'case.show', folder: id, ...how }, true);
  }
}

/** For a repeated completion: waits for what the first one sent, and for what is still to be shown. */
export function awaitShown(decision: Decision, id: Id, folder: FolderState, purge: PurgeSettings): void {
  const size = casesPerTurn(folder);
  if (folder.caseCount > size) showElsewhere(decision, id, folder, { size, purge });
  else awaitPartitions(decision, homesOf(decision, id, folder));
}

/** A partition has shown some of its cases, and has more. */
export function decideShowMore(command: CommandOf<'folder.show'>, decision: Decision): void {
  const { folder, to, size, purge, accepted } = command;
  carry(decision, to, { kind: 'case.show', folder, size, purge, ...acceptedAt(accepted) }, true);
}
