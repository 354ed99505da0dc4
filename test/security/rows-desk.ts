import type { Row } from './callers.ts';

/** Only agents sit at a desk, and each at its own: of those here, the one of Orly for CERTDC. */
const AT_DESK = (ok: number) => ({
  expected: '403 403 403 403 403 403 403',
  agents: `${ok} 403 403 403 403`,
});
/** The recipient decides, by its software, a partner's, or an agent. */
const RECIPIENT = (ok: number) => ({
  expected: `403 403 ${ok} 403 403 403 403`,
  agents: `${ok} 403 403 403 403`,
  partners: `403 403 403 403 ${ok}`,
});

const noJob = async () => ({ params: { bulkId: '01890a5d-ac96-7b06-8000-000000000000' } });

const ONLY_AGENTS = (ok: number) => ({
  expected: '403 403 403 403 403 403 403',
  agents: `${ok} ${ok} ${ok} ${ok} 403`,
});
const noView = async () => ({ params: { slug: 'vue-de-personne' }, json: {} });

const PATH = '/relais/v1/cases/{caseId}';

/** What agents do among themselves, and decisions that wait. */
export const DESK_ROWS: Record<string, Row> = {
  [`POST ${PATH}/decisions`]: {
    ...RECIPIENT(201),
    given: async (things) => ({ params: await things.delivered(), json: { statuses: ['DONE'], undoSeconds: 30 } }),
  },
  [`DELETE ${PATH}/decisions/{decisionId}`]: {
    ...RECIPIENT(204),
    given: async (things) => ({ params: await things.decided() }),
  },
  [`GET ${PATH}/desk`]: { ...AT_DESK(200), given: async (things) => ({ params: await things.delivered() }) },
  [`PUT ${PATH}/presence`]: { ...AT_DESK(200), given: async (things) => ({ params: await things.delivered() }) },
  [`PUT ${PATH}/assignment`]: {
    ...AT_DESK(204),
    given: async (things) => ({ params: await things.delivered(), json: { agentId: null } }),
  },
  [`GET ${PATH}/notifications`]: { ...RECIPIENT(200), given: async (things) => ({ params: await things.delivered() }) },
  [`DELETE ${PATH}/notifications`]: {
    ...RECIPIENT(204),
    given: async (things) => ({ params: await things.delivered() }),
  },
  'POST /relais/v1/bulk': {
    expected: '403 403 403 403 403 403 403',
    agents: '200 200 200 200 403',
    given: async () => ({ json: { preview: true } }),
  },
  // a job is seen by who asked for it
  'GET /relais/v1/bulk/{bulkId}': {
    expected: '403 403 403 403 403 403 403',
    agents: '404 404 404 404 403',
    given: noJob,
  },
  'DELETE /relais/v1/bulk/{bulkId}': {
    expected: '403 403 403 403 403 403 403',
    agents: '404 404 404 404 403',
    given: noJob,
  },
  // an agent's own views, and those of its organisation
  'GET /relais/v1/views': ONLY_AGENTS(200),
  'POST /relais/v1/views': {
    ...ONLY_AGENTS(201),
    given: async () => ({ json: { name: 'À voir', filter: 'view=waiting' } }),
  },
  'PATCH /relais/v1/views/{slug}': { ...ONLY_AGENTS(404), given: noView },
  'DELETE /relais/v1/views/{slug}': { ...ONLY_AGENTS(404), given: noView },
  'GET /relais/v1/colleagues': { expected: '403 403 403 403 403 403 403', agents: '200 200 200 403 403' },
};
