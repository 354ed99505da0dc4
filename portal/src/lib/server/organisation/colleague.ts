import { HubProblem } from '#lib/server/hub/call.ts';
import { type Colleague, listStaff } from '#lib/server/hub/staff.ts';

/** @throws HubProblem 404 */
export async function colleague(token: string, id: string): Promise<Colleague> {
  const found = (await listStaff(token)).find((one) => one.id === id);
  if (found === undefined) throw new HubProblem(404, 'not-found', 'no such agent');
  return found;
}
