import { keyOf, MEAUX } from '#test/contract/country.ts';
import { ADMIN, newTown, type Row } from './callers.ts';

/** Of whom ADMIN speaks; an administrator of that town may say it too. */
const IN_MEAUX = { query: new URLSearchParams({ ...MEAUX }).toString() };

const CREDENTIAL = { id: 'x', rawId: 'x', type: 'public-key' };
const MADE = { ...CREDENTIAL, response: { clientDataJSON: 'x', attestationObject: 'x' } };
const SIGNED = { ...CREDENTIAL, response: { clientDataJSON: 'x', authenticatorData: 'x', signature: 'x' } };
const TEMPLATE = { kind: 'message', name: 'Complet', text: 'Votre dossier est complet.' };
const NOBODYS = { templateId: '00000000-0000-4000-8000-000000000000', passkeyId: '0' };

/** Passkeys, absences and templates. */
const PEOPLE_ROWS: Record<string, Row> = {
  // only the portal brings what authenticators say; this hub has no address of a portal, and nobody was invited
  'POST /relais/v1/sessions/passkey': {
    expected: ADMIN(403),
    agents: '403 403 403 403 409',
    given: async () => ({ json: { response: SIGNED } }),
  },
  'POST /relais/v1/passkeys/challenges': { expected: ADMIN(403), agents: '403 403 403 403 409' },
  'POST /relais/v1/passkeys/invitations': {
    expected: ADMIN(403),
    agents: '403 403 403 403 410',
    given: async () => ({ json: { invitation: 'x' } }),
  },
  'POST /relais/v1/passkeys': {
    expected: ADMIN(403),
    agents: '403 403 403 403 410',
    given: async () => ({ json: { invitation: 'x', name: 'x', response: MADE } }),
  },
  'POST /relais/v1/notices/leave': {
    expected: ADMIN(403),
    agents: '403 403 403 403 410',
    given: async () => ({ json: { link: 'x' } }),
  },
  // no organisation here has passkeys: none of its agents adds one
  'GET /relais/v1/agent/passkeys': { expected: ADMIN(403), agents: '200 200 200 200 403' },
  'POST /relais/v1/agent/passkeys/challenges': { expected: ADMIN(403), agents: '403 403 403 403 403' },
  'POST /relais/v1/agent/passkeys': {
    expected: ADMIN(403),
    agents: '403 403 403 403 403',
    given: async () => ({ json: { name: 'x', response: MADE } }),
  },
  'PATCH /relais/v1/agent/passkeys/{passkeyId}': {
    expected: ADMIN(403),
    agents: '404 404 404 404 403',
    given: async () => ({ params: NOBODYS, json: { name: 'x' } }),
  },
  'DELETE /relais/v1/agent/passkeys/{passkeyId}': {
    expected: ADMIN(403),
    agents: '404 404 404 404 403',
    given: async () => ({ params: NOBODYS }),
  },
  'POST /relais/v1/agents/{agentId}/invitation': {
    expected: ADMIN(409),
    agents: '403 409 403 403 403',
    given: async (things) => ({ params: await things.agent(), json: { organization: MEAUX } }),
  },
  'GET /relais/v1/organizations/{id}/passkeys': {
    expected: ADMIN(200),
    agents: '403 403 403 403 403',
    given: async () => ({ params: { id: keyOf(MEAUX) } }),
  },
  'PUT /relais/v1/organizations/{id}/passkeys': {
    expected: ADMIN(200),
    agents: '403 403 403 403 403',
    given: async () => ({ params: { id: keyOf(MEAUX) }, json: { allowed: false } }),
  },
  'PUT /relais/v1/agents/{agentId}/absence': {
    expected: ADMIN(403),
    agents: '403 200 403 403 403',
    given: async (things) => {
      const { agentId: substituteId } = await things.agent();
      const day = new Date().toISOString().slice(0, 10);
      return { params: await things.agent(), json: { from: day, to: day, substituteId } };
    },
  },
  'DELETE /relais/v1/agents/{agentId}/absence': {
    expected: ADMIN(403),
    agents: '403 204 403 403 403',
    given: async (things) => ({ params: await things.agent() }),
  },
  'GET /relais/v1/templates': { expected: ADMIN(403), agents: '200 200 200 403 403' },
  'POST /relais/v1/templates': {
    expected: ADMIN(403),
    agents: '403 201 403 403 403',
    given: async () => ({ json: TEMPLATE }),
  },
  'PUT /relais/v1/templates/{templateId}': {
    expected: ADMIN(403),
    agents: '403 404 403 403 403',
    given: async () => ({ params: NOBODYS, json: TEMPLATE }),
  },
  'DELETE /relais/v1/templates/{templateId}': {
    expected: ADMIN(403),
    agents: '403 404 403 403 403',
    given: async () => ({ params: NOBODYS }),
  },
};

/** Sessions, and the agents of an organisation. */
export const AGENT_ROWS: Record<string, Row> = {
  ...PEOPLE_ROWS,
  // only the portal signs agents in: a text that nobody signed is looked at after the right
  'POST /relais/v1/sessions': {
    expected: ADMIN(403),
    agents: '403 403 403 403 422',
    given: async () => ({ json: { idToken: 'x', userinfo: 'x' } }),
  },
  'POST /relais/v1/sessions/token': {
    expected: ADMIN(403),
    agents: '403 403 403 403 401',
    given: async () => ({ json: { session: 'x' } }),
  },
  'POST /relais/v1/sessions/end': {
    expected: ADMIN(403),
    agents: '403 403 403 403 204',
    given: async () => ({ json: { session: 'x' } }),
  },
  // of the agents only meauxAgent is an administrator, and the case is Orly's
  'GET /relais/v1/cases/{caseId}/accesses': {
    expected: ADMIN(200),
    agents: '403 403 403 403 403',
    given: async (things) => ({ params: await things.delivered() }),
  },
  // each call in it has a row of its own, and is answered as alone (test/desk/together.test.ts)
  'POST /relais/v1/calls': {
    expected: ADMIN(403),
    agents: '200 200 200 200 403',
    given: async () => ({ json: { calls: [{ path: '/relais/v1/colleagues' }] } }),
  },
  'GET /relais/v1/agent': { expected: ADMIN(403), agents: '200 200 200 200 403' },
  'PATCH /relais/v1/agent': {
    expected: ADMIN(403),
    agents: '200 200 200 200 403',
    given: async () => ({ json: { service: 'Accueil' } }),
  },
  // of the agents only meauxAgent is an administrator
  'GET /relais/v1/agents': { expected: ADMIN(200), agents: '403 200 403 403 403', given: async () => IN_MEAUX },
  'POST /relais/v1/agents': {
    expected: ADMIN(201),
    agents: '403 201 403 403 403',
    given: async () => ({
      json: { email: `${newTown().companyRegister}@meaux.test`, role: 'agent', organization: MEAUX },
    }),
  },
  'PATCH /relais/v1/agents/{agentId}': {
    expected: ADMIN(200),
    agents: '403 200 403 403 403',
    given: async (things) => ({ params: await things.agent(), json: { role: 'delegate', organization: MEAUX } }),
  },
  'DELETE /relais/v1/agents/{agentId}': {
    expected: ADMIN(204),
    agents: '403 204 403 403 403',
    given: async (things) => ({ params: await things.agent(), ...IN_MEAUX }),
  },
  'GET /relais/v1/agent/notices': { expected: ADMIN(403), agents: '200 200 200 200 403' },
  'PUT /relais/v1/agent/notices': {
    expected: ADMIN(403),
    agents: '200 200 200 200 403',
    given: async () => ({ json: { notices: [{ processCode: 'CERTDC', frequency: 'digest' }] } }),
  },
  // of one's own organisation: what is another's is not there
  'GET /relais/v1/subscriptions': { expected: ADMIN(403), agents: '200 200 200 403 403' },
  'PATCH /relais/v1/subscriptions/{subscriptionId}': {
    expected: ADMIN(403),
    agents: '403 200 403 403 403',
    given: async (things) => ({
      params: { subscriptionId: things.world.subscriptions.get(`CERTDC|${keyOf(MEAUX)}`) as string },
      json: { notificationFrequency: 'unitaire' },
    }),
  },
};
