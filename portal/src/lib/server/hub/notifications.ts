/** The notification is the unread mark: opening a case deletes those of it. */
import { call, HubProblem } from './call.ts';
import { listCases } from './cases.ts';
import type { Case } from './types.ts';

interface Notification {
  id: string;
  caseId: string;
}

/** An organisation may have thousands of notifications, and a list of them knows no case: the index says whether to look. */
async function isUnread(token: string, { id, externalId }: Case): Promise<boolean> {
  const query = new URLSearchParams({ view: 'all', unread: 'true', q: externalId, limit: '20' });
  try {
    const { items, next, late } = await listCases(token, query);
    return late || next !== null || items.some(({ caseId }) => caseId === id);
  } catch {
    return true;
  }
}

export async function markRead(token: string, one: Case): Promise<void> {
  if (!(await isUnread(token, one))) return;
  const query = new URLSearchParams({ maxResult: '100000', processCode: one.processCode });
  const all = await call<Notification[]>(`/teledossiers/v1/notifications?${query}`, { token });
  for (const { id } of all.filter(({ caseId }) => caseId === one.id)) {
    try {
      await call(`/teledossiers/v1/notifications/${id}`, { token, method: 'DELETE' });
    } catch (error) {
      // A colleague opened it at the same moment.
      if (!(error instanceof HubProblem) || error.status !== 404) throw error;
    }
  }
}
