/** Whose browser this is, once its session is over: a sealed cookie, good for keeping what was typed and nothing else. */
import type { Cookies } from '@sveltejs/kit';
import { dropCookie, ownerCookie, setCookie } from '#lib/server/auth/cookies.ts';
import { seal, unseal } from '#lib/server/auth/seal.ts';

/** As long as a session at most, and the half hour in which it may be missed. */
const OWNER_SECONDS = 12.5 * 3600;

export const ownerOf = (cookies: Cookies): string | undefined => unseal<string>('owner', cookies.get(ownerCookie()));

export function nameOwner(cookies: Cookies, email: string): void {
  if (ownerOf(cookies) !== email) setCookie(cookies, ownerCookie(), seal('owner', email, OWNER_SECONDS), OWNER_SECONDS);
}

export const forgetOwner = (cookies: Cookies): void => dropCookie(cookies, ownerCookie());
