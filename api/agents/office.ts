import type { Static } from 'typebox';
import { bodyOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { dateOrNull } from '#api/schemas/dates.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { OfficeState } from '#engine/domain/records/office.ts';
import { PasskeyRule, PasskeyRuleAnswer } from './office-schema.ts';

const ID = /^(\w{1,20})-([0-9]{14})-([A-Za-z0-9-]{1,10})$/;

/** @throws Problem not-found */
function orgOf({ hub }: ApiDeps, request: Request): OrgKey {
  const [, type, companyRegister, branchCode] = ID.exec(request.param('id')) ?? [];
  if (!type || !companyRegister || !branchCode) throw new Problem('not-found');
  const org = orgKey({ type, companyRegister, branchCode });
  if (hub.referential.organization(org) === undefined) throw new Problem('not-found');
  return org;
}

const answerOf = (passkeys: OfficeState['passkeys']): Static<typeof PasskeyRuleAnswer> => ({
  allowed: passkeys !== null,
  by: passkeys?.by ?? null,
  since: dateOrNull(passkeys?.since ?? null),
});

function show(deps: ApiDeps, request: Request): Reply {
  const office = deps.hub.referential.office(orgOf(deps, request));
  return { status: 200, json: answerOf(office?.passkeys ?? null) };
}

async function set(deps: ApiDeps, request: Request): Promise<Reply> {
  const org = orgOf(deps, request);
  const { allowed } = await bodyOf(PasskeyRule, request);
  const command = { kind: 'office.passkeys', org, allowed, by: request.client } as const;
  const answer = await deps.hub.ask(REFERENTIAL, command);
  if (answer.status === 404) throw new Problem('not-found');
  if (answer.status > 400) throw refused(answer);
  deps.log.info({ id: request.id, org, allowed }, 'office.passkeys');
  return { status: 200, json: answerOf((answer.body as OfficeState).passkeys) };
}

const PATH = '/relais/v1/organizations/{id}/passkeys';
const SCOPES = ['ADMIN'] as const;

/** The platform's word on who may sign in without the identity provider. */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: PATH,
    scopes: SCOPES,
    summary: 'Dit si les agents d’une organisation peuvent se connecter par clé d’accès',
    schemas: { answers: { 200: PasskeyRuleAnswer, ...problems(404) } },
    handler: async (request) => show(deps, request),
  },
  {
    method: 'PUT',
    path: PATH,
    scopes: SCOPES,
    body: 'json',
    summary: 'Permet ou non les clés d’accès dans une organisation que le fournisseur d’identité n’atteint pas',
    schemas: { body: PasskeyRule, answers: { 200: PasskeyRuleAnswer, ...problems(404) } },
    handler: (request) => set(deps, request),
  },
];
