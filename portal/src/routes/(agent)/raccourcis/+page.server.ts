import { redirect } from '@sveltejs/kit';
import { leaveNotice, setCookie } from '#lib/server/auth/cookies.ts';
import { KEYS_OFF, keysCookie, keysOn } from '#lib/server/keys.ts';
import { keysText } from '#lib/text/keys.ts';
import type { Actions, PageServerLoad } from './$types';

const YEAR_S = 31_536_000;

export const load: PageServerLoad = ({ cookies }) => ({ on: keysOn(cookies) });

export const actions: Actions = {
  default: async ({ request, cookies }) => {
    const on = (await request.formData()).get('actifs') === 'oui';
    setCookie(cookies, keysCookie(), on ? '' : KEYS_OFF, YEAR_S);
    leaveNotice(cookies, on ? keysText.said.on : keysText.said.off);
    redirect(303, '/raccourcis');
  },
};
