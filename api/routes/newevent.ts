import { authorOf } from '#api/agents/answers.ts';
import { eventAnswer } from '#api/answers/event.ts';
import { mailOf, processOf, purgeSettings } from '#api/answers/settings.ts';
import { seeCase } from '#api/answers/sight.ts';
import { seenOf, tagOf } from '#api/desk/match.ts';
import { NewEvent } from '#api/schemas/event.ts';
import { pathId } from '#api/schemas/parameters.ts';
import { CASE_SETTABLE } from '#api/schemas/status.ts';
import { validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Reply, Request } from '#api/server/types.ts';
import type { Caller, NewEvent as Create } from '#engine/domain/commands/contents.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { KIND, newId } from '#engine/domain/ids.ts';
import type { CaseStatus } from '#engine/domain/records/case.ts';
import { ACTION_TYPES, type ActionType, type EventState, type Side } from '#engine/domain/records/event.ts';
import type { ProcessState } from '#engine/domain/records/process.ts';
import { askCase, homeOfCase, processFor } from './command.ts';
import { partnerInfo } from './partner.ts';

/** Attachments of one event: they live in the case's record. More: 413, before anything is written. */
export const MAX_EVENT_ATTACHMENTS = 100;

type Asked = NewEvent & { attachments: NonNullable<NewEvent['attachments']> };

/** Rules 1 to 5 of POST event (contract §6). `type` of an attachment is not looked at, on purpose. */
function faultsOf(event: Asked, caller: Caller, process: ProcessState): string[] {
  const faults: string[] = [];
  const { actionType, attachments, caseNewStatus } = event;
  if (!ACTION_TYPES.includes(actionType as ActionType)) {
    faults.push(`actionType ${JSON.stringify(actionType)} is not one of ${ACTION_TYPES.join(', ')}`);
  } else if (actionType === 'ATTACH_DEPOSIT') {
    if (attachments.length === 0) faults.push('An event ATTACH_DEPOSIT has at least one attachment');
  } else if (attachments.length > 0) {
    faults.push(`An event ${actionType} has no attachment`);
  }
  const formats = caller.scope === 'OSL' ? process.attachmentFormatsEnabled : process.siAttachmentFormatsEnabled;
  for (const { fileName, mimeType, size } of attachments) {
    if (!formats.includes(mimeType)) {
      faults.push(
        `Attachment ${fileName}: mimeType ${mimeType} is not accepted by ${process.code} from ${caller.scope}`,
      );
    }
    if (size > process.attachmentMaxSizeEnabled) {
      faults.push(`Attachment ${fileName}: size ${size} is over ${process.attachmentMaxSizeEnabled} bytes`);
    }
  }
  if (typeof caseNewStatus === 'string' && !CASE_SETTABLE[caller.scope].has(caseNewStatus)) {
    faults.push(`status of a case cannot be set to ${JSON.stringify(caseNewStatus)} by ${caller.scope}`);
  }
  if (actionType === 'SENDING_MESSAGE' && caller.scope === 'SI' && !process.messageToTransmitter) {
    faults.push(`Process ${process.code} does not accept messages to its sender`);
  }
  return faults;
}

/** An event as it is just after its creation: shown without being read again. */
const created = (event: Create, caller: Caller): EventState => ({
  ...event,
  transmitter: caller.org,
  status: event.actionType === 'ATTACH_DEPOSIT' ? 'IN_PROGRESS' : 'SENT',
  attachments: event.attachments.map((attachment) => ({
    ...attachment,
    status: 'PENDING',
    sha256: null,
    blob: null,
    portalPurged: false,
  })),
  updated: null,
});

/** POST /cases/{caseId}/events: an SI's costs no read when it says the case's status; a sender's one, for the address. */
export async function post({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { caller } = request;
  const id = pathId(request, 'caseId');
  const body = validate(NewEvent, await request.json(), request);
  const asked: Asked = { ...body, attachments: body.attachments ?? [] };
  if (asked.attachments.length > MAX_EVENT_ATTACHMENTS) {
    throw new DomainError('tooLarge', `An event holds at most ${MAX_EVENT_ATTACHMENTS} attachments`);
  }
  const home = homeOfCase(id);
  const process = processOf(hub.referential, await processFor(hub, caller, id));
  const faults = faultsOf(asked, caller, process);
  if (faults.length > 0) {
    await seeCase(hub, caller, id);
    throw new HttpError(400, faults.join('\n'));
  }
  const notification = asked.notification === true;
  const tells = caller.scope === 'OSL' && notification && asked.actionType !== 'ATTACH_DEPOSIT';
  const caseCurrentStatus = asked.caseCurrentStatus ?? null;
  const state = tells || caseCurrentStatus === null ? await seeCase(hub, caller, id) : undefined;
  const mail = tells && state !== undefined ? mailOf(hub.referential, process.code, state.recipient) : null;
  const event: Create = {
    id: newId(KIND.event, home, hub.now()),
    side: caller.scope as Side,
    actionType: asked.actionType as ActionType,
    notification,
    message: asked.message ?? null,
    comment: asked.comment ?? null,
    // whose decision it is, the law wants to know, and the portal is not to say: whatever the body says
    author: request.agent ? authorOf(request.agent.state) : (asked.author ?? null),
    caseCurrentStatus: caseCurrentStatus ?? state?.status ?? null,
    caseNewStatus: (asked.caseNewStatus ?? null) as CaseStatus | null,
    partnerAttributes: asked.partnerAttributes ?? null,
    attachments: asked.attachments.map(({ fileName, type, size, mimeType }) => ({ fileName, type, size, mimeType })),
    partnerInfo: partnerInfo(request),
  };
  const purge = purgeSettings(process);
  const seen = seenOf(request);
  const command = { kind: 'case.event', case: id, caller, event, mail, purge } as const;
  const { body: now } = await askCase(hub, request, id, { ...command, ...(seen !== undefined && { seen }) });
  const version = (now as { version?: string } | undefined)?.version;
  const headers = version === undefined ? {} : { ETag: tagOf(version) };
  return { status: 201, json: eventAnswer(created(event, caller), caller), headers };
}
