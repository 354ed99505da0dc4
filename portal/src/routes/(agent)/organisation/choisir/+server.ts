import { redirect } from '@sveltejs/kit';
import { choiceCookie, setCookie } from '#lib/server/auth/cookies.ts';
import { ownPath } from '#lib/server/auth/return.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async ({ request, cookies }) => {
  const form = await request.formData();
  // What is not the agent's is ignored when it is read: Session chooses among their own.
  setCookie(cookies, choiceCookie(), String(form.get('organisation') ?? ''));
  redirect(303, ownPath(form.get('retour')?.toString()));
};
