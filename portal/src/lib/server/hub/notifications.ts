/** The notification is the unread mark: opening a case deletes those of it. */
import { call, HubProblem } from './call.ts';

interface Notification {
  id: string;
  caseId: string;
}

export async function markRead(token: string, caseId: string, processCode: string): Promise<void> {
  const query = new URLSearchParams({ maxResult: '10000', processCode });
  const all = await call<Notification[]>(`/teledossiers/v1/notifications?${query}`, { token });
  for (const { id } of all.filter((one) => one.caseId === caseId)) {
    try {
      await call(`/teledossiers/v1/notifications/${id}`, { token, method: 'DELETE' });
    } catch (error) {
      // A colleague opened it at the same moment.
      if (!(error instanceof HubProblem) || error.status !== 404) throw error;
    }
  }
}
