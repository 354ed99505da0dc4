import { sessionOf } from '#lib/server/auth/required.ts';
import { listSubscriptions } from '#lib/server/hub/subscriptions.ts';
import { ownPlace } from '#lib/server/organisation/place.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const own = await ownPlace(sessionOf(locals));
  const all = await listSubscriptions(own.token);
  return {
    name: own.name,
    isAdministrator: own.isAdministrator,
    subscriptions: all
      .map((one) => ({ ...one, name: one.processName ?? one.processCode }))
      .sort((a, b) => a.name.localeCompare(b.name, 'fr')),
  };
};
