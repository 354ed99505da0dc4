import { Migrated, Migration } from '#api/schemas/case.ts';
import { Fault } from '#api/schemas/fault.ts';
import { validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { demand } from './demand.ts';
import { withPartner } from './partner.ts';

/**
 * PUT /cases/migrate (contract §6): an SI moves its own cases, of its démarche; ADMIN all of an organisation. 409 beside
 * one under way that leads away from the target, to the source, or from it elsewhere.
 */
async function migrate({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { caller } = request;
  const body = validate(Migration, await request.json(), request);
  const source = orgKey(body.organizationSource);
  const target = orgKey(body.organizationTarget);
  for (const key of [source, target]) {
    if (hub.referential.organization(key) === undefined) throw new DomainError('organizationUnknown');
  }
  if (caller.scope === 'SI' && source !== caller.org) throw new DomainError('forbidden');
  if (body.organizationSource.type !== 'SI' || body.organizationTarget.type !== 'SI') {
    throw new DomainError('rule', 'Cases migrate from one organization of type SI to another');
  }
  if (source === target) throw new DomainError('rule', `Organization ${source} cannot migrate to itself`);
  const process = caller.process ?? null;
  const command = { kind: 'mailbox.migrate', source, target, process, caller, moved: 0 } as const;
  const answer = await demand(hub, partitionOf(source), command);
  return { status: 200, json: answer.body };
}

export const routes = (deps: ApiDeps): Route[] =>
  withPartner([
    {
      method: 'PUT',
      path: '/teledossiers/v1/cases/migrate',
      scopes: ['SI', 'ADMIN'],
      body: 'json',
      summary: 'Fait passer les cases d’une organisation à une autre',
      schemas: { body: Migration, answers: { 200: Migrated, 404: Fault, 409: Fault } },
      handler: (request) => migrate(deps, request),
    },
  ]);
