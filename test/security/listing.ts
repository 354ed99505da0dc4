import type { Row } from './callers.ts';

/** Who receives cases lists its own, and no other organisation has any in its lists. */
const receivers = (ok: number): Row => ({
  expected: `403 403 ${ok} ${ok} ${ok} 403 403`,
  partners: `403 403 403 403 ${ok}`,
  agents: `${ok} ${ok} ${ok} ${ok} 403`,
});

/** Lines of the table: lists of cases. */
export const LISTING: Record<string, Row> = {
  'GET /relais/v1/cases': receivers(200),
  'GET /relais/v1/cases/counters': receivers(200),
  'GET /relais/v1/cases/{caseId}/neighbours': {
    ...receivers(404),
    given: async () => ({ params: { caseId: '01890a5d-ac96-7b06-8000-000000000000' } }),
  },
};
