import { fail, redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { ownPath } from '#lib/server/auth/return.ts';
import { changeAccount } from '#lib/server/hub/sessions.ts';
import { account } from '#lib/text/home.ts';
import type { Actions, PageServerLoad } from './$types';

const LONGEST = 100;

export const load: PageServerLoad = ({ locals, url }) => {
  const session = sessionOf(locals);
  const back = ownPath(url.searchParams.get('retour'), '/compte');
  return { name: session.name, ...session.account, organisations: session.places.map(({ name }) => name), back };
};

export const actions: Actions = {
  default: async ({ request, locals, cookies }) => {
    const form = await request.formData();
    // One line each: they become part of a signature.
    const line = (name: string): string =>
      String(form.get(name) ?? '')
        .replace(/\s+/g, ' ')
        .trim();
    const [quality, service] = [line('qualite'), line('service')];
    const errors = [
      ...(quality === '' ? [{ field: 'qualite', message: account.missing }] : []),
      ...(quality.length > LONGEST ? [{ field: 'qualite', message: account.tooLong }] : []),
      ...(service.length > LONGEST ? [{ field: 'service', message: account.tooLong }] : []),
    ];
    if (errors.length > 0) return fail(422, { errors, quality, service });
    await changeAccount(sessionOf(locals).token, { quality, service: service || null });
    leaveNotice(cookies, account.saved);
    redirect(303, ownPath(form.get('retour')?.toString(), '/compte'));
  },
};
