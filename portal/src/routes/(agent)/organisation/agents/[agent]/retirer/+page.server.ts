import { fail, redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { withdrawAgent } from '#lib/server/hub/staff.ts';
import { colleague } from '#lib/server/organisation/colleague.ts';
import { administered } from '#lib/server/organisation/place.ts';
import { whoIs } from '#lib/server/organisation/who.ts';
import { staffText } from '#lib/text/organisation.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const session = sessionOf(locals);
  const own = await administered(session);
  const one = await colleague(own.token, params.agent);
  return { organisation: own.name, id: one.id, name: whoIs(one), isSelf: one.email === session.agent.email };
};

export const actions: Actions = {
  default: async ({ locals, cookies, params }) => {
    const session = sessionOf(locals);
    const own = await administered(session);
    const one = await colleague(own.token, params.agent);
    try {
      await withdrawAgent(own.token, one.id);
    } catch (error) {
      if (!(error instanceof HubProblem) || error.code !== 'last-administrator') throw error;
      return fail(409, { errors: [{ field: 'retirer', message: staffText.lastAdministrator }] });
    }
    leaveNotice(cookies, staffText.withdrawn(whoIs(one)));
    redirect(303, one.email === session.agent.email ? '/accueil' : '/organisation/agents');
  },
};
