import { Type } from 'typebox';
import { Fault } from '#api/schemas/fault.ts';
import { optional, text } from '#api/schemas/fields.ts';
import { NewProcess, Process, processAnswer, processAsked } from '#api/schemas/process.ts';
import { compile, validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { Referential } from '#engine/client/referential.ts';
import { compareText } from '#engine/client/referential-table.ts';
import type { Order } from '#engine/client/referential-view.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { Id } from '#engine/domain/ids.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { ProcessState } from '#engine/domain/records/process.ts';
import { demand } from './demand.ts';
import { type Columns, listReply, orderOf, querySiret } from './listing.ts';
import { withPartner } from './partner.ts';

compile(NewProcess);

/** Columns of `orderBy`: the members in snake case (contract §7). */
const COLUMNS: Columns<ProcessState> = {
  code: (process) => process.code,
  name: (process) => process.name,
  description: (process) => process.description,
  is_activated: (process) => process.isActivated,
  osl_type: (process) => process.osl.type,
  osl_company_register: (process) => process.osl.companyRegister,
  osl_branch_code: (process) => process.osl.branchCode,
  attachment_max_size_enabled: (process) => process.attachmentMaxSizeEnabled,
  status_before_file_deletion: (process) => process.statusBeforeFileDeletion,
  time_before_file_deletion: (process) => process.timeBeforeFileDeletion,
  time_before_archiving: (process) => process.timeBeforeArchiving,
  time_before_folder_deletion: (process) => process.timeBeforeFolderDeletion,
  message_to_transmitter: (process) => process.messageToTransmitter,
  message_with_status: (process) => process.messageWithStatus,
  authorized_awaiting: (process) => process.authorizedAwaiting,
  subscription_validation: (process) => process.subscriptionValidation,
  legal_justification: (process) => process.legalJustification,
  time_before_deadline: (process) => process.timeBeforeDeadline,
  creation_date_time: (process) => process.created,
  update_date_time: (process) => process.updated,
};

const BY_CODE: Order<ProcessState> = { name: 'asc(code)', compare: (a, b) => compareText(a.code, b.code) };

const ProcessQuery = Type.Object({
  companyRegister: optional(text(14)),
  orderBy: optional(text(40)),
});

async function create({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const body = validate(NewProcess, await request.json(), request);
  const answer = await demand(hub, REFERENTIAL, { kind: 'process.create', process: processAsked(body) });
  return { status: 201, json: processAnswer(answer.body as ProcessState) };
}

/** Not paginated (contract §7): there are some fifty. */
function list({ hub }: ApiDeps, request: Request): Reply {
  const register = querySiret(request, 'companyRegister');
  const order = orderOf(request, COLUMNS, BY_CODE);
  const found = [...hub.referential.processes()].filter(
    ({ osl }) => register === undefined || osl.companyRegister === register,
  );
  return listReply(
    found.sort((a, b) => order.compare(a, b) || BY_CODE.compare(a, b)),
    processAnswer,
  );
}

/** A sender reads its own démarches only. */
function read({ hub }: ApiDeps, request: Request): Reply {
  const process = hub.referential.process(request.param('code'));
  if (process === undefined) throw new DomainError('processUnknown');
  const { scope, org } = request.caller;
  if (scope === 'OSL' && orgKey(process.osl) !== org) throw new DomainError('forbidden');
  // Senders' software knows the contract's members only.
  const seen = scope === 'OSL' ? { ...process, timeBeforeDeadline: null } : process;
  return { status: 200, json: processAnswer(seen) };
}

const subscribed = (referential: Referential, code: string): Id[] =>
  [...referential.subscriptions()].flatMap(({ id, processCode, status }) =>
    processCode === code && status !== 'Refusé' ? [id] : [],
  );

async function replace({ hub, config }: ApiDeps, request: Request): Promise<Reply> {
  const code = request.param('code');
  const process = processAsked(validate(NewProcess, await request.json(), request));
  const { suspendDays: days } = config;
  const deactivates = days !== undefined && !process.isActivated && hub.referential.process(code)?.isActivated === true;
  const answer = await demand(hub, REFERENTIAL, {
    kind: 'process.update',
    code,
    process,
    ...(deactivates && { suspend: { days, subscriptions: subscribed(hub.referential, code) } }),
  });
  return { status: 200, json: processAnswer(answer.body as ProcessState) };
}

const ALL = '/referential/v1/processes';
const ONE = `${ALL}/{code}`;

export const routes = (deps: ApiDeps): Route[] =>
  withPartner([
    {
      method: 'POST',
      path: ALL,
      scopes: ['ADMIN'],
      body: 'json',
      summary: 'Crée une démarche',
      schemas: { body: NewProcess, answers: { 201: Process } },
      handler: (request) => create(deps, request),
    },
    {
      method: 'GET',
      path: ALL,
      scopes: ['ADMIN'],
      summary: 'Liste les démarches',
      schemas: { query: ProcessQuery, answers: { 200: Type.Array(Process) } },
      handler: (request) => list(deps, request),
    },
    {
      method: 'GET',
      path: ONE,
      scopes: ['ADMIN', 'OSL', 'AGENT'],
      anyOrganization: true,
      summary: 'Lit une démarche',
      schemas: { answers: { 200: Process, 404: Fault } },
      handler: (request) => read(deps, request),
    },
    {
      method: 'PUT',
      path: ONE,
      scopes: ['ADMIN'],
      body: 'json',
      summary: 'Remplace une démarche',
      schemas: { body: NewProcess, answers: { 200: Process, 404: Fault } },
      handler: (request) => replace(deps, request),
    },
  ]);
