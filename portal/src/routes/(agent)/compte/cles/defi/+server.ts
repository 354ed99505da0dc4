import { json } from '@sveltejs/kit';
import { refused } from '#lib/server/auth/enter.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { beginPasskey } from '#lib/server/hub/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals }) =>
  beginPasskey(sessionOf(locals).token).then(
    ({ options }) => json({ options }),
    (error: unknown) => refused(error, locals.requestId),
  );
