import { keyOf, MEAUX } from '#test/contract/country.ts';
import { ADMIN, newTown, type Row } from './callers.ts';

/** Of whom ADMIN speaks; an administrator of that town may say it too. */
const IN_MEAUX = { query: new URLSearchParams({ ...MEAUX }).toString() };

/** Sessions, and the agents of an organisation. */
export const AGENT_ROWS: Record<string, Row> = {
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
