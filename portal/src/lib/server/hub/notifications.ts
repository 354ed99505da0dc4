/** The notification is the unread mark: opening a case deletes those of it, and of no other. */
import { call } from './call.ts';
import { listSubscriptions, live } from './subscriptions.ts';
import { ask } from './together.ts';
import type { Case } from './types.ts';

const of = (id: string): string => `/relais/v1/cases/${encodeURIComponent(id)}/notifications`;

/** Whether software reads this organisation's notifications: then they are not the portal's to take away. */
async function isSoftwares(token: string, { processCode }: Case): Promise<boolean> {
  const found = live(await listSubscriptions(token)).find((one) => one.processCode === processCode);
  return found?.accessMode === 'API';
}

/** Whether there is something new in it. */
export const isUnread = async (token: string, id: string): Promise<boolean> =>
  (await ask<unknown[]>(of(id), { token })).length > 0;

export async function markRead(token: string, one: Case): Promise<void> {
  if (!(await isSoftwares(token, one))) await call(of(one.id), { token, method: 'DELETE' });
}
