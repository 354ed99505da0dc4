import { enter, refused } from '#lib/server/auth/enter.ts';
import { dropInvitation, invitationOf } from '#lib/server/auth/invitation.ts';
import { saidBy } from '#lib/server/auth/said.ts';
import { makeFirst } from '#lib/server/hub/passkeys.ts';
import { invitationText } from '#lib/text/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ request, cookies, locals }) => {
  const { response, more } = await saidBy(request);
  const name = more['nom']?.trim() || invitationText.nameUsual;
  return makeFirst(invitationOf(cookies) ?? '-', name, response).then(
    ({ session }) => {
      dropInvitation(cookies);
      return enter(cookies, session, '/accueil');
    },
    (error: unknown) => refused(error, locals.requestId),
  );
};
