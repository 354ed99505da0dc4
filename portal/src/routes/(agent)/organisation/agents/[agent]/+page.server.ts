import { fail, redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { changeAgent, inviteAgain } from '#lib/server/hub/staff.ts';
import { absencePage } from '#lib/server/organisation/absence.ts';
import { colleague } from '#lib/server/organisation/colleague.ts';
import { administered } from '#lib/server/organisation/place.ts';
import { processesOf } from '#lib/server/organisation/processes.ts';
import { askedOf, refusalOf, rightsOf } from '#lib/server/organisation/rights.ts';
import { whoIs } from '#lib/server/organisation/who.ts';
import { staffText } from '#lib/text/organisation.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const own = await administered(sessionOf(locals));
  const [one, processes] = await Promise.all([colleague(own.token, params.agent), processesOf(own.token)]);
  return {
    organisation: own.name,
    id: one.id,
    name: whoIs(one),
    email: one.email,
    role: one.role,
    passkeys: own.passkeys ? one.passkeys : null,
    absence: (await absencePage(own.token, one.id)).absence?.sentence ?? '',
    chosen: one.processCodes,
    processes,
  };
};

export const actions: Actions = {
  inviter: async ({ locals, cookies, params }) => {
    const own = await administered(sessionOf(locals));
    const one = await colleague(own.token, params.agent);
    try {
      await inviteAgain(own.token, one.id);
      leaveNotice(cookies, staffText.invitedNotice(one.email));
    } catch (error) {
      if (!(error instanceof HubProblem) || error.status !== 429) throw error;
      leaveNotice(cookies, staffText.invitedJust, true);
    }
    redirect(303, `/organisation/agents/${params.agent}`);
  },
  acces: async ({ request, locals, cookies, params }) => {
    const own = await administered(sessionOf(locals));
    const one = await colleague(own.token, params.agent);
    const asked = askedOf(await request.formData());
    const known = await processesOf(own.token);
    const rights = rightsOf(
      asked,
      known.map(({ code }) => code),
    );
    if (Array.isArray(rights)) return fail(422, { errors: rights, asked });
    try {
      await changeAgent(own.token, one.id, rights);
    } catch (error) {
      const refusal = error instanceof HubProblem ? refusalOf(error.code) : undefined;
      if (refusal === undefined) throw error;
      return fail(422, { errors: [refusal], asked });
    }
    leaveNotice(cookies, staffText.saved(whoIs(one)));
    // Who is no administrator any more may not read the list.
    const isSelf = one.email === sessionOf(locals).agent.email && rights.role !== 'administrator';
    redirect(303, isSelf ? '/organisation' : '/organisation/agents');
  },
};
