import { redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { keysOn, setKeys } from '#lib/server/keys.ts';
import { keysText } from '#lib/text/keys.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = ({ cookies }) => ({ on: keysOn(cookies) });

export const actions: Actions = {
  default: async ({ request, cookies }) => {
    const on = (await request.formData()).get('actifs') === 'oui';
    setKeys(cookies, on);
    leaveNotice(cookies, on ? keysText.said.on : keysText.said.off);
    redirect(303, '/raccourcis');
  },
};
