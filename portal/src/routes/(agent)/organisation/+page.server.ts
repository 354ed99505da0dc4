import { sessionOf } from '#lib/server/auth/required.ts';
import { listStaff } from '#lib/server/hub/staff.ts';
import { listSubscriptions, live } from '#lib/server/hub/subscriptions.ts';
import { identityOf } from '#lib/server/hub/types.ts';
import { ownPlace } from '#lib/server/organisation/place.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const own = await ownPlace(sessionOf(locals));
  const [all, staff] = await Promise.all([
    listSubscriptions(own.token),
    own.isAdministrator ? listStaff(own.token) : Promise.resolve([]),
  ]);
  const subscriptions = live(all);
  const names = new Map(subscriptions.map(({ processCode, processName }) => [processCode, processName ?? processCode]));
  const identity = identityOf(own.key);
  return {
    name: own.name,
    siret: identity?.companyRegister ?? '',
    branch: identity?.branchCode ?? '',
    role: own.role,
    isAdministrator: own.isAdministrator,
    processes: own.processes?.map((code) => names.get(code) ?? code) ?? null,
    staff: staff.length,
    neverCame: staff.filter(({ hasSignedIn }) => !hasSignedIn).length,
    active: subscriptions.filter(({ status }) => status === 'Actif').length,
    idle: subscriptions.filter(({ status }) => status !== 'Actif').length,
  };
};
