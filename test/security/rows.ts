import { randomUUID } from 'node:crypto';
import { DGS, process as démarche, LENS, ORLY, organization, pdf, subscription } from '#test/contract/country.ts';
import type { Json } from '#test/contract/wire.ts';
import { deposit } from '#test/native/calls.ts';
import { ADMIN, ALL, type Given, newTown, type Row } from './callers.ts';
import { LISTING } from './listing.ts';
import { AGENT_ROWS } from './rows-agents.ts';
import { DESK_ROWS } from './rows-desk.ts';
import type { Things } from './things.ts';

const T = '/teledossiers/v1';
const R = '/referential/v1';
const CASE = `${T}/cases/{caseId}`;
const EVENT = `${CASE}/events/{eventId}`;
const HOOKS = '/relais/v1/webhooks';
const HOOK = `${HOOKS}/{webhookId}`;

//              DGS DILA Orly Meaux Orly(EtatCivil) ADMIN DATAPASS
const SENDER = '204 403 403 403 403 204 403';
/** What is each organisation's own, and nobody else's: those of others are not there (test/webhooks). */
const OWN = (ok: number, right: 'read' | 'write' = 'write'): Row => ({
  expected: `${`${ok} `.repeat(5)}403 403`,
  partners: right === 'read' ? `${ok} ${ok} 403 ${ok} ${ok}` : `${ok} 403 ${ok} ${ok} ${ok}`,
});
const ENROL = (ok: number): string => `403 403 403 403 403 ${ok} ${ok}`;

/** Whoever has a feed reads its own; a partner by its right to read. */
const READERS = (ok: number): string => `${ok} ${ok} ${ok} ${ok} ${ok} 403 403`;
const BY_READERS = (ok: number): string => `${ok} ${ok} 403 ${ok} ${ok}`;

const noWebhook = async () => ({ params: { webhookId: '01890a5d-ac96-7b06-8000-000000000000' } });

const aClient = async (things: Things): Promise<Given> => ({ params: await things.client() });

/** Credentials of nobody; each once, or the tenth is told to slow down. */
const stranger = () => ({ grant_type: 'client_credentials', scope: 'ADMIN', client_id: newTown().companyRegister });

/** Contract §§1, 6, 7: the one table of who may do what; each route of `api/routes.ts` has its line. */
export const ROWS: Record<string, Row> = {
  // without Basic credentials there is no token, whatever else one holds
  'POST /oauth2/token': { expected: '401 401 401 401 401 401 401', given: async () => ({ json: stranger() }) },
  'POST /token': { expected: '401 401 401 401 401 401 401', given: async () => ({ json: stranger() }) },
  'GET /health/live': { expected: ALL },
  'GET /health/ready': { expected: ALL },
  'GET /metrics': { expected: ALL },
  'GET /openapi.json': { expected: ALL },
  'GET /asyncapi.json': { expected: ALL },
  'GET /.well-known/security.txt': { expected: '404 404 404 404 404 404 404' },

  [`GET ${T}/notifications`]: { expected: '200 200 200 200 200 200 403', agents: '200 200 200 403 403' },
  [`DELETE ${T}/notifications/{notificationId}`]: {
    expected: '403 403 204 403 403 204 403',
    agents: '204 403 403 403 403',
    given: async (things) => ({ params: await things.notification() }),
  },
  [`POST ${T}/folders`]: {
    expected: '201 403 403 403 403 201 403',
    given: async (things) => ({ json: things.folder() }),
  },
  [`GET ${T}/folders/{folderId}`]: {
    expected: '200 403 403 403 403 200 403',
    given: async (things) => ({ params: await things.delivered() }),
  },
  [`PATCH ${T}/folders/{folderId}`]: {
    expected: SENDER,
    given: async (things) => ({ params: await things.waiting(), json: { globalStatus: 'HUBEE_COMPLETED' } }),
  },
  [`DELETE ${T}/folders/{folderId}`]: {
    expected: SENDER,
    given: async (things) => ({ params: await things.waiting() }),
  },
  [`PUT ${T}/folders/{folderId}/attachments/{attachmentId}`]: {
    expected: SENDER,
    given: async (things) => ({ params: await things.waiting(), bytes: pdf(200) }),
  },

  [`GET ${CASE}`]: {
    expected: '200 403 200 403 403 200 403',
    agents: '200 403 403 403 403',
    partners: '200 200 403 403 200',
    given: async (things) => ({ params: await things.delivered() }),
  },
  [`PATCH ${CASE}`]: {
    expected: '204 403 204 403 403 204 403',
    agents: '204 403 403 403 403',
    partners: '204 403 204 403 204',
    given: async (things) => ({ params: await things.delivered(), json: { status: 'IN_PROGRESS' } }),
  },
  [`GET ${CASE}/attachments/{attachmentId}`]: {
    expected: '200 403 200 403 403 200 403',
    agents: '200 403 403 403 403',
    partners: '200 200 403 403 200',
    given: async (things) => ({ params: await things.delivered() }),
  },
  [`POST ${CASE}/events`]: {
    expected: '201 403 201 403 403 201 403',
    agents: '201 403 403 403 403',
    partners: '201 403 201 403 201',
    given: async (things) => ({
      params: await things.delivered(),
      json: { actionType: 'COM_ADD', notification: true, message: 'bonjour' },
    }),
  },
  [`GET ${EVENT}`]: {
    expected: '200 403 200 403 403 200 403',
    agents: '200 403 403 403 403',
    partners: '200 200 403 403 200',
    given: async (things) => ({ params: await things.answered() }),
  },
  // an acknowledgement is the other side's; its author may not mark its own event
  [`PATCH ${EVENT}`]: {
    expected: '204 403 403 403 403 204 403',
    partners: '204 403 204 403 403',
    given: async (things) => ({ params: await things.answered(), json: { status: 'RECEIVED' } }),
  },
  // what is in progress is its author's alone
  [`DELETE ${EVENT}`]: {
    expected: '403 403 204 403 403 204 403',
    agents: '204 403 403 403 403',
    partners: '403 403 403 403 204',
    given: async (things) => ({ params: await things.answered(false) }),
  },
  [`PUT ${EVENT}/attachments/{attachmentId}`]: {
    // an event in progress is unknown to the other side (contract §5.7)
    expected: '404 403 204 403 403 204 403',
    agents: '204 403 403 403 403',
    partners: '404 403 404 403 204',
    given: async (things) => ({ params: await things.answered(false), bytes: pdf(64) }),
  },
  [`GET ${EVENT}/attachments/{attachmentId}`]: {
    expected: '200 403 200 403 403 200 403',
    agents: '200 403 403 403 403',
    partners: '200 200 403 403 200',
    given: async (things) => ({ params: await things.answered() }),
  },
  // each credential of a town moves the cases of its own démarche only: `own` tests that
  [`PUT ${T}/cases/migrate`]: {
    expected: '403 403 200 403 200 200 403',
    given: async () => ({ json: { organizationSource: ORLY, organizationTarget: LENS } }),
  },
  [`GET ${T}/attachmentsIdsForPurge`]: { expected: '200 200 200 200 200 200 403' },
  [`PUT ${T}/idsPurged`]: {
    expected: '204 403 204 403 403 204 403',
    given: async (things) => {
      const { caseId, attachmentId } = await things.delivered();
      return { json: [{ case_id: caseId, folder_attachment_id: attachmentId }] };
    },
  },

  [`POST ${R}/organizations`]: {
    expected: ENROL(201),
    given: async () => ({ json: organization(newTown(), 'Nouvelle') }),
  },
  [`GET ${R}/organizations`]: { expected: ENROL(200) },
  [`GET ${R}/organizations/{id}`]: {
    expected: ENROL(200),
    given: async () => ({ params: { id: 'SI-21940000000016-94054' } }),
  },
  [`PUT ${R}/organizations/{id}`]: {
    expected: ADMIN(200),
    given: async () => ({ params: { id: 'SI-21940000000016-94054' }, json: organization(ORLY, 'Orly') }),
  },
  [`POST ${R}/processes`]: {
    expected: ADMIN(201),
    given: async () => ({ json: démarche(`P${newTown().companyRegister}`, DGS) }),
  },
  [`GET ${R}/processes`]: { expected: ADMIN(200) },
  [`GET ${R}/processes/{code}`]: {
    expected: '200 403 403 403 403 200 403',
    agents: '200 200 200 200 403',
    given: async () => ({ params: { code: 'CERTDC' } }),
  },
  [`PUT ${R}/processes/{code}`]: {
    expected: ADMIN(200),
    given: async () => ({ params: { code: 'CERTDC' }, json: démarche('CERTDC', DGS) }),
  },
  [`POST ${R}/subscriptions`]: {
    expected: ENROL(201),
    given: async (things) => {
      const town = newTown();
      await things.world.admin.post(`${R}/organizations`, organization(town, 'Abonnée'));
      return { json: subscription('CERTDC', town) };
    },
  },
  [`GET ${R}/subscriptions`]: { expected: '200 200 403 403 403 200 403' },
  [`GET ${R}/subscriptions/{subscriptionId}`]: {
    expected: '200 403 403 403 403 200 403',
    given: async (things) => ({ params: { subscriptionId: certdcOf(things) } }),
  },
  [`PUT ${R}/subscriptions/{subscriptionId}`]: {
    expected: ADMIN(200),
    given: async (things) => ({ params: { subscriptionId: certdcOf(things) }, json: subscription('CERTDC', ORLY) }),
  },

  'GET /relais/v1/feed': { expected: READERS(200), partners: BY_READERS(200) },
  // a stream has no end: a place that is none is looked at after the right
  'GET /relais/v1/feed/stream': {
    expected: READERS(400),
    partners: BY_READERS(400),
    given: async () => ({ headers: { 'Last-Event-ID': 'x' } }),
  },
  'GET /relais/v1/feed/consumers': { expected: READERS(200), partners: BY_READERS(200) },
  'PUT /relais/v1/feed/consumers/{consumer}': {
    expected: READERS(200),
    partners: BY_READERS(200),
    given: async () => ({ params: { consumer: 'lecteur' }, json: { position: 0 } }),
  },
  'DELETE /relais/v1/feed/consumers/{consumer}': {
    expected: READERS(404),
    partners: BY_READERS(404),
    given: async () => ({ params: { consumer: 'inconnu' } }),
  },
  'GET /relais/v1/feed/presence': { expected: '200 200 200 200 200 400 403', partners: BY_READERS(200) },
  'GET /relais/v1/push': { expected: '426 426 426 426 426 426 426' },
  // an address of the inside is refused by its form: nobody is called here
  [`POST ${HOOKS}`]: { ...OWN(400), given: async () => ({ json: { url: 'https://127.0.0.1/' } }) },
  [`GET ${HOOKS}`]: OWN(200, 'read'),
  [`GET ${HOOK}`]: { ...OWN(404, 'read'), given: noWebhook },
  [`PATCH ${HOOK}`]: { ...OWN(404), given: noWebhook },
  [`DELETE ${HOOK}`]: { ...OWN(404), given: noWebhook },
  [`GET ${HOOK}/attempts`]: { ...OWN(404, 'read'), given: noWebhook },
  [`POST ${HOOK}/pause`]: { ...OWN(404), given: noWebhook },
  [`POST ${HOOK}/resume`]: { ...OWN(404), given: noWebhook },
  [`POST ${HOOK}/replay`]: { ...OWN(404), given: noWebhook },
  [`POST ${HOOK}/rotate`]: { ...OWN(404), given: noWebhook },
  'POST /relais/v1/folders': {
    expected: '201 403 403 403 403 201 403',
    partners: '201 403 201 403 403',
    given: async () => ({ json: deposit({ to: [ORLY] }), headers: { 'Idempotency-Key': randomUUID() } }),
  },
  'POST /relais/v1/folders:batch': {
    expected: '200 200 403 403 403 200 403',
    partners: '200 403 200 200 200',
    given: async () => ({ bytes: Buffer.from('{}\n'), headers: { 'Content-Type': 'application/x-ndjson' } }),
  },
  'PUT /relais/v1/files/{id}': {
    expected: '201 201 403 403 403 201 403',
    partners: '201 403 201 201 201',
    given: async () => ({ params: { id: randomUUID() }, bytes: pdf(64) }),
  },
  'GET /relais/v1/problems/{code}': { expected: ALL, given: async () => ({ params: { code: 'forbidden' } }) },

  'POST /admin/v1/clients': {
    expected: ADMIN(201),
    given: async () => ({ json: { scope: 'OSL', organization: DGS } }),
  },
  'GET /admin/v1/clients': { expected: ADMIN(200) },
  'POST /admin/v1/clients/{clientId}/rotate': { expected: ADMIN(200), given: aClient },
  'DELETE /admin/v1/clients/{clientId}': { expected: ADMIN(204), given: aClient },
  'GET /relais/v1/recipients': {
    expected: '200 200 403 403 403 200 403',
    partners: '200 200 403 403 403',
    given: async () => ({ query: 'processCode=CERTDC&commune=94054' }),
  },
  ...LISTING,
  'GET /relais/v1/cases/{caseId}/routing': {
    expected: '200 403 200 403 403 200 403',
    agents: '200 403 403 403 403',
    partners: '200 200 403 403 200',
    given: async (things) => ({ params: await things.delivered() }),
  },
  ...AGENT_ROWS,
  ...DESK_ROWS,
  'GET /admin/v1/held': { expected: ADMIN(200) },
  'GET /admin/v1/folders/unfinished': { expected: ADMIN(200) },
  'GET /admin/v1/recipients/health': { expected: ADMIN(200) },
  'GET /admin/v1/cases/unfetchable': { expected: ADMIN(200) },
  'GET /admin/v1/dead': { expected: ADMIN(200) },
  'POST /admin/v1/dead/{id}/replay': { expected: ADMIN(404), given: async () => ({ params: { id: '0:1-1' } }) },
  'DELETE /admin/v1/dead/{id}': { expected: ADMIN(404), given: async () => ({ params: { id: '0:1-1' } }) },
  'GET /admin/v1/parked': { expected: ADMIN(200) },
  'PUT /admin/v1/parked/{id}': { expected: ADMIN(404), given: async () => ({ params: { id: 'nobody' } }) },
  'DELETE /admin/v1/parked/{id}': { expected: ADMIN(404), given: async () => ({ params: { id: '0:nobody' } }) },
};

const certdcOf = ({ world }: Things): string => world.subscriptions.get('CERTDC|SI-21940000000016-94054') as Json;
