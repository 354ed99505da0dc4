import { mailOf, purgeSettings } from '#api/answers/settings.ts';
import { holdingOf } from '#api/competence/holding.ts';
import { type FaultAt, Problem } from '#api/server/problems.ts';
import type { Hub } from '#engine/client/hub.ts';
import { dayOf } from '#engine/domain/calendar.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import type { FileState } from '#engine/domain/records/file.ts';
import type { PartnerInfo } from '#engine/domain/records/folder.ts';
import { type Trace, traced } from '#engine/domain/trace.ts';
import type { Asked } from './body.ts';
import { MAX_TOLD } from './form.ts';
import { recipientsOf } from './recipients.ts';
import { checkSize, fileFaults, linksOf, openProcess } from './rules.ts';
import { filesOf, isFault, type Sourced, sourceOf } from './source.ts';

type Deposit = CommandOf<'folder.deposit'>;
type Attachment = Deposit['attachments'][0];

/** An attachment whose bytes are found, not yet stored. */
export interface Planned extends Sourced {
  described: Pick<Attachment, 'fileName' | 'type' | 'recipients'>;
}

/** A deposit that respects the rules, all but its id and the places of its files. */
export interface Plan {
  /** partition of the folder: of its first recipient, so that one recipient's deposit is one turn */
  home: number;
  /** organisation that deposits: whose files may be named */
  org: OrgKey;
  command: Omit<Deposit, 'kind' | 'folder' | 'attachments' | 'repeated'>;
  files: Planned[];
}

/** Who deposits, and by what software. */
export interface Depositor {
  caller: Caller;
  client: string;
  partnerInfo: PartnerInfo | null;
  /** of the request it comes by */
  trace?: Trace | undefined;
}

/** A promise only when files sent before are to be looked at: most deposits name none. @throws Problem */
export function planOf(hub: Hub, asked: Asked, depositor: Depositor): Plan | Promise<Plan> {
  const { attachments } = asked.deposit;
  if (!attachments.some(({ file }) => file !== undefined)) return plan(hub, asked, depositor, NO_FILES);
  return planWithFiles(hub, asked, depositor);
}

async function planWithFiles(hub: Hub, asked: Asked, depositor: Depositor): Promise<Plan> {
  checkSize(asked.deposit);
  openProcess(hub.referential, asked.deposit.processCode, depositor.caller);
  return plan(hub, asked, depositor, await filesOf(hub, depositor.caller.org, asked.deposit.attachments));
}

function plan(hub: Hub, asked: Asked, depositor: Depositor, sent: ReadonlyMap<string, FileState>): Plan {
  const { caller, partnerInfo, trace } = depositor;
  const { deposit, parts } = asked;
  const { referential } = hub;
  checkSize(deposit);
  const process = openProcess(referential, deposit.processCode, caller);
  const faults: FaultAt[] = [];
  const recipients = recipientsOf(referential, deposit, dayOf(hub.now()), faults);
  const links = linksOf(deposit, faults);
  const files: Planned[] = [];
  for (const [index, attachment] of deposit.attachments.entries()) {
    const found = sourceOf(attachment, index, caller.org, parts, sent);
    if (isFault(found)) faults.push(found);
    else {
      const { fileName, type } = attachment;
      faults.push(...fileFaults(process, index, { ...found, type }));
      files.push({ ...found, described: { fileName, type, recipients: links[index] as number[] } });
    }
  }
  if (faults.length > 0) throw new Problem('rules-not-met', undefined, { errors: told(faults) });
  const { firstName, lastName, email } = deposit.applicant;
  const homes = recipients.map(partitionOf);
  return {
    home: homes[0] as number,
    org: caller.org,
    files,
    command: traced(
      {
        sender: orgKey(process.osl),
        process: process.code,
        externalId: deposit.externalId,
        applicant: { firstName, lastName, email: email ?? null },
        partnerInfo,
        cases: deposit.cases.map(({ externalId, partnerAttributes }, index) => ({
          externalId,
          recipient: recipients[index] as OrgKey,
          home: homes[index] as number,
          partnerAttributes: partnerAttributes ?? null,
        })),
        mails: recipients.map((recipient) => mailOf(referential, process.code, recipient)),
        purge: purgeSettings(process),
        hold: holdingOf(referential, process, recipients),
      },
      trace,
    ),
  };
}

const NO_FILES = new Map<string, never>();
const told = (faults: readonly FaultAt[]): readonly FaultAt[] => faults.slice(0, MAX_TOLD);
