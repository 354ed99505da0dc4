import { fail, redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { inviteAgent } from '#lib/server/hub/staff.ts';
import { given, namedOf, unnamed } from '#lib/server/organisation/named.ts';
import { administered } from '#lib/server/organisation/place.ts';
import { processesOf } from '#lib/server/organisation/processes.ts';
import { askedOf, refusalOf, rightsOf } from '#lib/server/organisation/rights.ts';
import { staffText } from '#lib/text/organisation.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const own = await administered(sessionOf(locals));
  return { name: own.name, passkeys: own.passkeys, processes: await processesOf(own.token) };
};

export const actions: Actions = {
  default: async ({ request, locals, cookies }) => {
    const own = await administered(sessionOf(locals));
    const form = await request.formData();
    const email = String(form.get('email') ?? '').trim();
    const asked = askedOf(form);
    const who = namedOf(form);
    const known = await processesOf(own.token);
    const rights = rightsOf(
      asked,
      known.map(({ code }) => code),
    );
    const errors = Array.isArray(rights) ? rights : [];
    if (own.passkeys) errors.unshift(...unnamed(who));
    if (!email) errors.unshift({ field: 'email', message: staffText.missingEmail });
    if (errors.length > 0 || Array.isArray(rights)) return fail(422, { errors, email, asked, who });
    try {
      await inviteAgent(own.token, email, rights, own.passkeys ? given(who) : {});
    } catch (error) {
      const refusal = error instanceof HubProblem ? refusalOf(error.code) : undefined;
      if (refusal === undefined) throw error;
      return fail(422, { errors: [refusal], email, asked, who });
    }
    leaveNotice(cookies, staffText.invitedNotice(email));
    redirect(303, '/organisation/agents');
  },
};
