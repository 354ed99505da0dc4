import { json } from '@sveltejs/kit';
import { refused } from '#lib/server/auth/enter.ts';
import { invitationOf } from '#lib/server/auth/invitation.ts';
import { lookAt } from '#lib/server/hub/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ cookies, locals }) =>
  lookAt(invitationOf(cookies) ?? '-').then(
    ({ options }) => json({ options }),
    (error: unknown) => refused(error, locals.requestId),
  );
