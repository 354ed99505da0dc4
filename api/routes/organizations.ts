import { Type } from 'typebox';
import { Fault } from '#api/schemas/fault.ts';
import { optional, text } from '#api/schemas/fields.ts';
import { NewOrganization, Organization, organizationAnswer, organizationAsked } from '#api/schemas/organization.ts';
import { pathText, queryText } from '#api/schemas/parameters.ts';
import { compile, validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { Order } from '#engine/client/referential-view.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { OrganizationState } from '#engine/domain/records/organization.ts';
import { demand } from './demand.ts';
import { type Columns, listReply, orderOf, rowsOf } from './listing.ts';
import { withPartner } from './partner.ts';

compile(NewOrganization);

/** Contract §7: `<type>-<companyRegister>-<branchCode>`. */
const ID = /^\w{1,20}-[0-9]{14}-[\w-]{1,10}$/;

/** Columns of `orderBy` (contract §7; `branche_code` is its spelling). */
const COLUMNS: Columns<OrganizationState> = {
  code: (org) => org.code,
  type: (org) => org.type,
  name: (org) => org.name,
  company_register: (org) => org.companyRegister,
  branche_code: (org) => org.branchCode,
  country: (org) => org.country,
  postal_code: (org) => org.postalCode,
  territory: (org) => org.territory,
  email: (org) => org.email,
  phone_number: (org) => org.phoneNumber,
  status: (org) => org.status,
  create_date_time: (org) => org.created,
};

const AS_CREATED: Order<OrganizationState> = {
  name: 'asc(create_date_time)',
  compare: (a, b) => a.created - b.created,
};

const OrganizationQuery = Type.Object({
  type: optional(text(20)),
  company_register: optional(text(14)),
  companyRegister: optional(text(14)),
  offSet: optional(Type.Integer({ minimum: 0, default: 0 })),
  maxResult: optional(Type.Integer({ minimum: 1, default: 25 })),
  orderBy: optional(text(40)),
});

async function create({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const body = validate(NewOrganization, await request.json(), request);
  const answer = await demand(hub, REFERENTIAL, { kind: 'organization.create', organization: organizationAsked(body) });
  return { status: 201, json: organizationAnswer(answer.body as OrganizationState) };
}

function list({ hub }: ApiDeps, request: Request): Reply {
  const type = queryText(request, 'type', 20);
  const register = queryText(request, 'company_register', 14) ?? queryText(request, 'companyRegister', 14);
  const { items } = hub.referential.organizationPage({
    order: orderOf(request, COLUMNS, AS_CREATED),
    where: (organization) => type === undefined || organization.type === type,
    group: register,
    ...rowsOf(request),
  });
  return listReply(items, organizationAnswer);
}

function read({ hub }: ApiDeps, request: Request): Reply {
  const organization = hub.referential.organization(pathText(request, 'id', ID));
  if (organization === undefined) throw new DomainError('organizationUnknown');
  return { status: 200, json: organizationAnswer(organization) };
}

async function replace({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const key = pathText(request, 'id', ID);
  const organization = organizationAsked(validate(NewOrganization, await request.json(), request));
  const answer = await demand(hub, REFERENTIAL, { kind: 'organization.update', key, organization });
  return { status: 200, json: organizationAnswer(answer.body as OrganizationState) };
}

const ALL = '/referential/v1/organizations';
const ONE = `${ALL}/{id}`;

export const routes = (deps: ApiDeps): Route[] =>
  withPartner([
    {
      method: 'POST',
      path: ALL,
      scopes: ['ADMIN', 'DATAPASS'],
      body: 'json',
      summary: 'Crée une organisation',
      schemas: { body: NewOrganization, answers: { 201: Organization } },
      handler: (request) => create(deps, request),
    },
    {
      method: 'GET',
      path: ALL,
      scopes: ['ADMIN', 'DATAPASS'],
      summary: 'Liste les organisations',
      schemas: { query: OrganizationQuery, answers: { 200: Type.Array(Organization) } },
      handler: (request) => list(deps, request),
    },
    {
      method: 'GET',
      path: ONE,
      scopes: ['ADMIN', 'DATAPASS'],
      summary: 'Lit une organisation',
      schemas: { answers: { 200: Organization, 404: Fault } },
      handler: (request) => read(deps, request),
    },
    {
      method: 'PUT',
      path: ONE,
      scopes: ['ADMIN'],
      body: 'json',
      summary: 'Remplace une organisation',
      schemas: { body: NewOrganization, answers: { 200: Organization, 404: Fault } },
      handler: (request) => replace(deps, request),
    },
  ]);
