import { json } from '@sveltejs/kit';
import { refused } from '#lib/server/auth/enter.ts';
import { challenge } from '#lib/server/hub/passkeys.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ locals }) =>
  challenge().then(
    ({ options }) => json({ options }),
    (error: unknown) => refused(error, locals.requestId),
  );
