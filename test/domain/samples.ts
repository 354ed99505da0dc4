import type { Caller, NewEvent, PurgeSettings, Upload } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { derive, type Id, KIND } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { PARTITIONS, partitionOf } from '#engine/domain/placement.ts';
import type { CaseStatus } from '#engine/domain/records/case.ts';
import type { FolderStatus } from '#engine/domain/records/folder.ts';
import { testId, type World } from './world.ts';

export const PROCESS = 'EtatCivil';
export const NOON = Date.UTC(2026, 3, 15, 10);

/** Recipients of a partition: found by trying branch codes. */
export function recipientsIn(partition: number, count: number): OrgKey[] {
  const found: OrgKey[] = [];
  for (let branch = 0; found.length < count; branch += 1) {
    const org = `SI-21${String(branch).padStart(12, '0')}-${String(branch).padStart(5, '0')}`;
    if (partitionOf(org) === partition) found.push(org);
  }
  return found;
}
export const recipientIn = (partition: number, nth = 0): OrgKey => recipientsIn(partition, nth + 1)[nth] as OrgKey;

export const SENDER: OrgKey = 'OSL-13000766900018-00000';
export const SENDER_HOME = partitionOf(SENDER);
export const OTHER_SENDER: OrgKey = 'OSL-13000766900026-00000';
/** partitions other than the sender's, so that lanes are crossed */
export const HERE = (SENDER_HOME + 1) % PARTITIONS;
export const THERE = (SENDER_HOME + 2) % PARTITIONS;
export const TOWN = recipientIn(HERE);
export const CITY = recipientIn(THERE);

export const osl: Caller = { scope: 'OSL', org: SENDER };
export const foreignOsl: Caller = { scope: 'OSL', org: OTHER_SENDER };
export const si = (org: OrgKey = TOWN, process = PROCESS): Caller => ({ scope: 'SI', org, process });
export const admin: Caller = { scope: 'ADMIN', org: 'Admin-11000000000017-00000' };

export const PURGE: PurgeSettings = { status: 'CLOSED', fileDays: 4, archiveDays: 30, deleteDays: 90 };

export const received = (blob: string): Upload => ({ status: 'RECEIVED', sha256: `${'a'.repeat(43)}=`, blob });

interface FolderOptions {
  recipients?: OrgKey[];
  /** recipients' indexes per file; default: one file for all */
  files?: number[][];
}

export interface Deposit {
  folder: Id;
  home: number;
  cases: { id: Id; home: number }[];
}

export function createCommand(options: FolderOptions = {}): CommandOf<'folder.create'> {
  const { recipients = [TOWN], files = [recipients.map((_, index) => index)] } = options;
  const home = partitionOf(recipients[0] as OrgKey);
  return {
    kind: 'folder.create',
    folder: testId(KIND.folder, home, NOON),
    sender: SENDER,
    process: PROCESS,
    externalId: 'DILA-EC-1',
    applicant: { firstName: 'Émilie', lastName: "D'Œuvre", email: null },
    partnerInfo: null,
    cases: recipients.map((recipient, index) => ({
      externalId: `DILA-EC-1-${String(index + 1).padStart(2, '0')}`,
      recipient,
      home: partitionOf(recipient),
      partnerAttributes: null,
    })),
    attachments: files.map((of, index) => ({
      fileName: `acte ${index}.pdf`,
      type: 'ActeEtatCivil-PDF',
      size: 20_000,
      mimeType: 'application/pdf',
      recipients: of,
    })),
  };
}

export function created(world: World, options: FolderOptions = {}): Deposit {
  const command = createCommand(options);
  const { folder, cases } = command;
  const home = partitionOf(command.cases[0]?.recipient as OrgKey);
  world.ask(home, command);
  return {
    folder,
    home,
    cases: cases.map((one, index) => ({ id: derive(folder, KIND.case, one.home, index), home: one.home })),
  };
}

export function uploaded(world: World, options: FolderOptions = {}): Deposit {
  const deposit = created(world, options);
  const count = world.get(deposit.home, `f${deposit.folder}`)?.attachments.length ?? 0;
  for (let index = 0; index < count; index += 1) upload(world, deposit, index);
  return deposit;
}

export const upload = (world: World, { folder, home }: Deposit, index: number, given = received(`b${index}`)) =>
  world.ask(home, { kind: 'folder.upload', folder, index, caller: osl, upload: given });

export function patchFolder(
  { folder }: Deposit,
  status: FolderStatus,
  more: Partial<CommandOf<'folder.patch'>> = {},
): CommandOf<'folder.patch'> {
  return { kind: 'folder.patch', folder, caller: osl, status, closed: null, mails: [], purge: PURGE, ...more };
}

export function notified(world: World, options: FolderOptions = {}): Deposit {
  const deposit = uploaded(world, options);
  world.ask(deposit.home, patchFolder(deposit, 'HUBEE_COMPLETED'));
  return deposit;
}

export const patchCase = (
  id: Id,
  status: CaseStatus | null,
  caller: Caller = si(),
  purge = PURGE,
): CommandOf<'case.patch'> => ({ kind: 'case.patch', case: id, caller, status, purge });

export function event(case_: { id: Id; home: number }, caller: Caller, given: Partial<NewEvent> = {}) {
  const command: CommandOf<'case.event'> = {
    kind: 'case.event',
    case: case_.id,
    caller,
    mail: null,
    purge: PURGE,
    event: {
      id: testId(KIND.event, case_.home, NOON),
      side: caller.scope as 'OSL' | 'SI' | 'ADMIN',
      actionType: 'STATUS_UPDATE',
      notification: true,
      message: null,
      comment: null,
      author: null,
      caseCurrentStatus: null,
      caseNewStatus: null,
      partnerAttributes: null,
      attachments: [],
      partnerInfo: null,
      ...given,
    },
  };
  return command;
}

export const file = { fileName: 'réponse.pdf', type: 'any', size: 10, mimeType: 'application/pdf' };
export const deposit = (case_: { id: Id; home: number }, caller: Caller, given: Partial<NewEvent> = {}) =>
  event(case_, caller, { actionType: 'ATTACH_DEPOSIT', attachments: [file], ...given });

export const patchEvent = (
  { case: case_, event: { id } }: CommandOf<'case.event'>,
  status: 'SENT' | 'RECEIVED',
  caller: Caller,
  mail: string | null = null,
): CommandOf<'case.event.patch'> => ({
  kind: 'case.event.patch',
  case: case_,
  event: id,
  caller,
  status,
  mail,
  purge: PURGE,
});
