/** Whether shortcuts of one letter play in this browser (WCAG 2.1.4): they do unless it was said otherwise. */
import type { Cookies } from '@sveltejs/kit';
import { setCookie } from '#lib/server/auth/cookies.ts';
import { isSecure } from '#lib/server/settings.ts';

const KEYS_OFF = 'non';
const YEAR_S = 31_536_000;
const keysCookie = (): string => `${isSecure() ? '__Host-' : ''}relais-raccourcis`;
export const keysOn = (cookies: Cookies): boolean => cookies.get(keysCookie()) !== KEYS_OFF;

export function setKeys(cookies: Cookies, on: boolean): void {
  setCookie(cookies, keysCookie(), on ? '' : KEYS_OFF, YEAR_S);
}
