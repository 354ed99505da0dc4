import { error, fail, redirect } from '@sveltejs/kit';
import { dropCookie, leaveNotice, sessionCookie } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { listPasskeys, removePasskey, renamePasskey } from '#lib/server/hub/passkeys.ts';
import { keysText } from '#lib/text/passkeys.ts';
import type { Actions, PageServerLoad } from './$types';

const LONGEST = 60;

export const load: PageServerLoad = async ({ locals }) => {
  const session = sessionOf(locals);
  const found = await listPasskeys(session.token);
  // Whose organisations all have the provider has no passkeys, and reads nothing of them.
  if (!session.who.passkeys && found.passkeys.length === 0) error(404, 'no passkeys');
  return found;
};

export const actions: Actions = {
  renommer: async ({ request, locals, cookies }) => {
    const form = await request.formData();
    const id = String(form.get('cle') ?? '');
    const name = String(form.get('nom') ?? '')
      .replace(/\s+/g, ' ')
      .trim();
    const field = `nom-${id}`;
    if (!name) return fail(422, { errors: [{ field, message: keysText.missing }] });
    if (name.length > LONGEST) return fail(422, { errors: [{ field, message: keysText.tooLong }] });
    await renamePasskey(sessionOf(locals).token, id, name);
    leaveNotice(cookies, keysText.renamed);
    redirect(303, '/compte/cles');
  },
  retirer: async ({ request, locals, cookies }) => {
    const form = await request.formData();
    const [id, name] = [String(form.get('cle') ?? ''), String(form.get('nom') ?? '')];
    const { token } = sessionOf(locals);
    const { passkeys } = await listPasskeys(token);
    try {
      await removePasskey(token, id);
      leaveNotice(cookies, keysText.removed(name));
    } catch (problem) {
      if (!(problem instanceof HubProblem) || ![404, 409].includes(problem.status)) throw problem;
      leaveNotice(cookies, problem.status === 404 ? keysText.gone : keysText.onlyOne, true);
      redirect(303, '/compte/cles');
    }
    if (!passkeys.some((one) => one.id === id && one.current)) redirect(303, '/compte/cles');
    // Its session has ended with it, as was said: no page need tell that it expired.
    dropCookie(cookies, sessionCookie());
    redirect(303, '/connexion/cle');
  },
};
