import { json } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { refused } from '#lib/server/auth/enter.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { saidBy } from '#lib/server/auth/said.ts';
import { addPasskey } from '#lib/server/hub/passkeys.ts';
import { invitationText, keysText } from '#lib/text/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ request, locals, cookies }) => {
  const { response, more } = await saidBy(request);
  const name = more['nom']?.trim() || invitationText.nameUsual;
  return addPasskey(sessionOf(locals).token, name, response).then(
    () => {
      leaveNotice(cookies, keysText.added(name));
      return json({ to: '/compte/cles' });
    },
    (error: unknown) => refused(error, locals.requestId),
  );
};
