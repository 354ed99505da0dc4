import { redirect } from '@sveltejs/kit';
import { keepInvitation } from '#lib/server/auth/invitation.ts';
import type { RequestHandler } from './$types';

const LONGEST = 100;

/** The e-mail's link. Opening it uses nothing up: programs that look at e-mails open it too. */
export const GET: RequestHandler = ({ params, cookies }) => {
  keepInvitation(cookies, params.jeton.slice(0, LONGEST));
  redirect(303, '/connexion/invitation');
};
