/** The portal's cookies. Over https they bear the prefix that ties them to this one host. */
import type { Cookies } from '@sveltejs/kit';
import { isSecure } from '#lib/server/settings.ts';

const prefix = (): string => (isSecure() ? '__Host-' : '');
export const sessionCookie = (): string => `${prefix()}relais-session`;
export const danceCookie = (): string => `${prefix()}relais-connexion`;
/** the invitation that is being answered, encrypted */
export const invitationCookie = (): string => `${prefix()}relais-invitation`;
/** what the provider needs to end its own session, encrypted */
export const endCookie = (): string => `${prefix()}relais-fin`;
export const choiceCookie = (): string => `${prefix()}relais-organisation`;
/** whose texts are kept when a session ends, sealed */
export const ownerCookie = (): string => `${prefix()}relais-qui`;
export const noticeCookie = (): string => `${prefix()}relais-avis`;

/** the last decision, while it can be undone */
export const undoCookie = (): string => `${prefix()}relais-annuler`;

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

/** What the next page says. */
export interface Notice {
  text: string;
  tone: 'success' | 'warning';
  /** the files of the case the page shows begin to come with it */
  files?: true;
}

/** Before the text of one that tells of something that was not done. */
const REFUSED = '!';
/** Before one whose page has files come. */
const FILES = '>';

/** One sentence said on the next page. */
export function leaveNotice(cookies: Cookies, text: string, refused = false): void {
  setCookie(cookies, noticeCookie(), encodeURIComponent((refused ? REFUSED : '') + text), 60);
}

/** The same, on the page of a case, whose files come with it. */
export const leaveNoticeWithFiles = (cookies: Cookies, text: string): void => leaveNotice(cookies, FILES + text);

export function takeNotice(cookies: Cookies): Notice | null {
  const kept = cookies.get(noticeCookie());
  if (!kept) return null;
  dropCookie(cookies, noticeCookie());
  try {
    const text = decodeURIComponent(kept);
    if (text.startsWith(FILES)) return { text: text.slice(1), tone: 'success', files: true };
    return text.startsWith(REFUSED) ? { text: text.slice(1), tone: 'warning' } : { text, tone: 'success' };
  } catch {
    return null;
  }
}
