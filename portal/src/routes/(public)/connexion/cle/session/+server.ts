import { enter, refused } from '#lib/server/auth/enter.ts';
import { ownPath } from '#lib/server/auth/return.ts';
import { saidBy } from '#lib/server/auth/said.ts';
import { openByPasskey } from '#lib/server/hub/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ request, cookies, locals, getClientAddress }) => {
  const { response, more } = await saidBy(request);
  return openByPasskey(response, getClientAddress()).then(
    ({ session }) => enter(cookies, session, ownPath(more['retour'])),
    (error: unknown) => refused(error, locals.requestId),
  );
};
