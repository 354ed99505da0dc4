import type { Row } from './callers.ts';

/** Who receives cases lists its own, and no other organisation has any in its lists. */
const receivers = (ok: number): Row => ({
  expected: `403 403 ${ok} ${ok} ${ok} 403 403`,
  partners: `403 403 403 403 ${ok}`,
  agents: `${ok} ${ok} ${ok} ${ok} 403`,
});

const noExport = async () => ({ params: { exportId: '01890a5d-ac96-7b06-8000-000000000000' } });

/** Lines of the table: lists of cases. */
export const LISTING: Record<string, Row> = {
  'GET /relais/v1/cases': receivers(200),
  'GET /relais/v1/cases/count': receivers(200),
  'GET /relais/v1/cases/counters': receivers(200),
  'GET /relais/v1/cases/{caseId}/neighbours': {
    expected: '403 403 200 404 404 403 403',
    partners: '403 403 403 403 200',
    // the one who has chosen none of its organisations sees the lists of all of them
    agents: '200 404 404 200 403',
    given: async (things) => ({ params: await things.delivered() }),
  },
  // the same lists as files; one that somebody else asked for is not there
  'POST /relais/v1/exports': { ...receivers(201), given: async () => ({ json: { format: 'csv' } }) },
  'GET /relais/v1/exports': receivers(200),
  'GET /relais/v1/exports/{exportId}': { ...receivers(404), given: noExport },
  'GET /relais/v1/exports/{exportId}/file': { ...receivers(404), given: noExport },
  // whoever sees a case
  'GET /relais/v1/cases/{caseId}/digests': {
    expected: '200 403 200 403 403 200 403',
    agents: '200 403 403 403 403',
    partners: '200 200 403 403 200',
    given: async (things) => ({ params: await things.delivered() }),
  },
};
