/** The secret of an e-mail's link, as soon as it was opened in a cookie: not in the address, nor in the browser's history. */
import type { Cookies } from '@sveltejs/kit';
import { dropCookie, invitationCookie, setCookie } from './cookies.ts';
import { seal, unseal } from './seal.ts';

/** Time to read the page and find one's telephone. */
const KEPT_SECONDS = 3600;

export const invitationOf = (cookies: Cookies): string | undefined =>
  unseal<string>('invitation', cookies.get(invitationCookie()));

export const keepInvitation = (cookies: Cookies, text: string): void =>
  setCookie(cookies, invitationCookie(), seal('invitation', text, KEPT_SECONDS), KEPT_SECONDS);

export const dropInvitation = (cookies: Cookies): void => dropCookie(cookies, invitationCookie());
