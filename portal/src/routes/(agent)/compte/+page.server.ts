import { fail, redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { ownPath } from '#lib/server/auth/return.ts';
import { changeAccount } from '#lib/server/hub/sessions.ts';
import { keysOn, setKeys } from '#lib/server/keys.ts';
import { accountText } from '#lib/text/account.ts';
import type { Actions, PageServerLoad } from './$types';

const LONGEST = 100;

export const load: PageServerLoad = ({ locals, cookies, url }) => {
  const session = sessionOf(locals);
  const { agent } = session;
  return {
    name: session.name,
    email: agent.email,
    quality: agent.quality,
    service: agent.service,
    author: session.author,
    // Who comes in by passkeys alone has no provider that would say it.
    byKey: session.places.every(({ passkeys }) => passkeys),
    places: session.places.map(({ key, name, role, processes }) => ({ key, name, role, processes })),
    shortcuts: keysOn(cookies),
    back: ownPath(url.searchParams.get('retour'), '/compte'),
  };
};

export const actions: Actions = {
  signature: async ({ request, locals, cookies }) => {
    const form = await request.formData();
    const text = (name: string): string =>
      String(form.get(name) ?? '')
        .replace(/\s+/g, ' ')
        .trim();
    const asked = { quality: text('qualite'), service: text('service') };
    const errors = [
      ...(asked.quality === '' ? [{ field: 'qualite', message: accountText.missing }] : []),
      ...(asked.quality.length > LONGEST ? [{ field: 'qualite', message: accountText.tooLong }] : []),
      ...(asked.service.length > LONGEST ? [{ field: 'service', message: accountText.tooLong }] : []),
    ];
    // The form's own address leads here, without the page to come back to: that one goes along.
    const back = ownPath(form.get('retour')?.toString(), '/compte');
    if (errors.length > 0) return fail(422, { errors, back, ...asked });
    await changeAccount(sessionOf(locals).token, { quality: asked.quality, service: asked.service || null });
    leaveNotice(cookies, accountText.saved);
    redirect(303, back);
  },
  raccourcis: async ({ request, cookies }) => {
    setKeys(cookies, (await request.formData()).get('raccourcis') !== 'non');
    leaveNotice(cookies, accountText.shortcutsSaved);
    redirect(303, '/compte');
  },
};
