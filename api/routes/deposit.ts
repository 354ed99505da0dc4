import { rememberFolder } from '#api/answers/facts.ts';
import { folderAnswer, type ShownFolder } from '#api/answers/folder.ts';
import { NewFolder } from '#api/schemas/folder.ts';
import { validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Reply, Request } from '#api/server/types.ts';
import type { Referential } from '#engine/client/referential.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { excessOf } from '#engine/domain/deciders/folder/create.ts';
import { DomainError, ERRORS } from '#engine/domain/errors.ts';
import { KIND, newId } from '#engine/domain/ids.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import type { ProcessState } from '#engine/domain/records/process.ts';
import { traced } from '#engine/domain/trace.ts';
import { demand } from './demand.ts';
import { partnerInfo } from './partner.ts';

/** Business faults told at once. */
const MAX_TOLD = 100;

type Create = CommandOf<'folder.create'>;

/** Too large: 413, before anything is written. */
function checkSize(body: NewFolder): void {
  const excess = excessOf(body.cases.length, body.attachments);
  if (excess !== undefined) throw new DomainError('tooLarge', excess);
}

/** Rule 1 of POST folder (contract §6): the démarche, and the right to deposit for it. */
function openProcess(referential: Referential, body: NewFolder, request: Request): ProcessState {
  const process = referential.process(body.processCode);
  if (process === undefined) throw new DomainError('rule', `Process ${body.processCode} does not exist`);
  const { scope, org } = request.caller;
  if (scope !== 'ADMIN' && orgKey(process.osl) !== org) throw new DomainError('forbidden');
  if (!process.isActivated) throw new DomainError('rule', `Process ${body.processCode} is not active`);
  return process;
}

/** Rule 2: recipients exist, then may be sent this démarche. Texts of contract §4, spelling as is. */
function recipientFaults(referential: Referential, recipients: readonly OrgKey[], process: string): string[] {
  const faults: string[] = [];
  for (const recipient of new Set(recipients)) {
    if (referential.organization(recipient) === undefined) {
      faults.push(ERRORS.recipientUnknown[1].replace('$', () => recipient));
    } else if (!referential.subscriptionsOf(process, recipient).some(({ status }) => status === 'Actif')) {
      faults.push(`Case recipient ${recipient} does not suscribed to ${process}`);
    }
  }
  return faults;
}

/** Rule 3: cases and attachments name each other. Puts the case indexes of each attachment into `links`. */
function linkFaults(body: NewFolder, links: number[][]): string[] {
  const faults: string[] = [];
  const numbers = new Map<string, number>();
  for (const [index, { externalId }] of body.cases.entries()) {
    if (numbers.has(externalId)) faults.push(`Case ${externalId} is described twice in the folder`);
    numbers.set(externalId, index);
  }
  const served = new Set<number>();
  for (const { fileName, recipients } of body.attachments) {
    const indexes = new Set<number>();
    for (const externalId of recipients) {
      const index = numbers.get(externalId);
      if (index === undefined)
        faults.push(`Attachment ${fileName} is for ${externalId}, which is no case of the folder`);
      else indexes.add(index);
    }
    for (const index of indexes) served.add(index);
    links.push([...indexes]);
  }
  if (faults.length > 0) return faults;
  return body.cases.flatMap(({ externalId }, index) =>
    served.has(index) ? [] : [`Case ${externalId} has no attachment`],
  );
}

/** Rule 4: what the démarche accepts. */
function attachmentFaults(body: NewFolder, process: ProcessState): string[] {
  const faults: string[] = [];
  for (const { fileName, type, mimeType, size } of body.attachments) {
    if (!process.attachmentTypesEnabled.includes(type)) {
      faults.push(`Attachment ${fileName}: type ${type} is not accepted by ${process.code}`);
    }
    if (!process.attachmentFormatsEnabled.includes(mimeType)) {
      faults.push(`Attachment ${fileName}: mimeType ${mimeType} is not accepted by ${process.code}`);
    }
    if (size > process.attachmentMaxSizeEnabled) {
      faults.push(`Attachment ${fileName}: size ${size} is over ${process.attachmentMaxSizeEnabled} bytes`);
    }
  }
  return faults;
}

/** A folder as it is just after its creation: shown without being read again. */
const created = ({ process, externalId, applicant, partnerInfo: partner, attachments }: Create): ShownFolder => ({
  process,
  externalId,
  applicant,
  status: 'HUBEE_RECEIVED',
  updated: null,
  closed: null,
  partnerInfo: partner,
  attachments: attachments.map((attachment) => ({ ...attachment, status: 'PENDING', sha256: null, blob: null })),
  removed: [],
});

/** POST /folders: judged here by the referential, then created by its home partition in one turn. */
export async function deposit({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const body = validate(NewFolder, await request.json(), request);
  checkSize(body);
  const { referential } = hub;
  const process = openProcess(referential, body, request);
  const recipients = body.cases.map(({ recipient }) => orgKey(recipient));
  const links: number[][] = [];
  const faults = [
    ...recipientFaults(referential, recipients, process.code),
    ...linkFaults(body, links),
    ...attachmentFaults(body, process),
  ];
  if (faults.length > 0) throw new HttpError(400, faults.slice(0, MAX_TOLD).join('\n'));

  const home = partitionOf(recipients[0] as OrgKey);
  const folder = newId(KIND.folder, home, hub.now());
  const { firstName, lastName, email } = body.applicant;
  const command: Create = {
    kind: 'folder.create',
    folder,
    sender: orgKey(process.osl),
    process: process.code,
    externalId: body.externalId,
    applicant: { firstName, lastName, email: email ?? null },
    partnerInfo: partnerInfo(request),
    cases: body.cases.map(({ externalId, partnerAttributes }, index) => ({
      externalId,
      recipient: recipients[index] as OrgKey,
      home: partitionOf(recipients[index] as OrgKey),
      partnerAttributes: partnerAttributes ?? null,
    })),
    attachments: body.attachments.map(({ fileName, type, size, mimeType }, index) => ({
      fileName,
      type,
      size,
      mimeType,
      recipients: links[index] as number[],
    })),
  };
  await demand(hub, home, traced(command, request.trace));
  rememberFolder(folder, command, recipients, command.attachments);
  const { cases } = command;
  return { status: 201, json: folderAnswer(folder, created(command), { cases, records: new Map() }) };
}
