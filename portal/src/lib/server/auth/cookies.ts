/** The portal's cookies. Over https they bear the prefix that ties them to this one host. */
import type { Cookies } from '@sveltejs/kit';
import { isSecure } from '#lib/server/settings.ts';

const prefix = (): string => (isSecure() ? '__Host-' : '');
export const sessionCookie = (): string => `${prefix()}relais-session`;
export const danceCookie = (): string => `${prefix()}relais-connexion`;
/** what the provider needs to end its own session, encrypted */
export const endCookie = (): string => `${prefix()}relais-fin`;
export const choiceCookie = (): string => `${prefix()}relais-organisation`;
/** whose texts are kept when a session ends, sealed */
export const ownerCookie = (): string => `${prefix()}relais-qui`;
export const noticeCookie = (): string => `${prefix()}relais-avis`;

export function setCookie(cookies: Cookies, name: string, value: string, seconds?: number): void {
  cookies.set(name, value, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure(),
    ...(seconds !== undefined && { maxAge: seconds }),
  });
}

export function dropCookie(cookies: Cookies, name: string): void {
  cookies.delete(name, { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure() });
}

/** One sentence said on the next page. */
export function leaveNotice(cookies: Cookies, text: string): void {
  setCookie(cookies, noticeCookie(), encodeURIComponent(text), 60);
}

export function takeNotice(cookies: Cookies): string | null {
  const text = cookies.get(noticeCookie());
  if (!text) return null;
  dropCookie(cookies, noticeCookie());
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
