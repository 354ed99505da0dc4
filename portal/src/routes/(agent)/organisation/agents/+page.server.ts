import { sessionOf } from '#lib/server/auth/required.ts';
import { listStaff } from '#lib/server/hub/staff.ts';
import { listSubscriptions } from '#lib/server/hub/subscriptions.ts';
import { awayOf } from '#lib/server/organisation/absence.ts';
import { administered } from '#lib/server/organisation/place.ts';
import { whoIs } from '#lib/server/organisation/who.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const session = sessionOf(locals);
  const own = await administered(session);
  const [staff, subscriptions] = await Promise.all([listStaff(own.token), listSubscriptions(own.token)]);
  const names = new Map(subscriptions.map(({ processCode, processName }) => [processCode, processName ?? processCode]));
  return {
    name: own.name,
    staff: staff.map((one) => ({
      id: one.id,
      name: whoIs(one),
      email: one.email,
      quality: one.quality,
      role: one.role,
      processes: one.processCodes?.map((code) => names.get(code) ?? code) ?? null,
      state: one.suspended ? ('suspended' as const) : one.hasSignedIn ? ('signedIn' as const) : ('invited' as const),
      away: awayOf(one.absence, staff),
      isSelf: one.email === session.agent.email,
    })),
  };
};
