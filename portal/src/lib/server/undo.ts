/** The last decision of this browser, which any page offers to undo as long as it has not left. */
import type { Cookies } from '@sveltejs/kit';
import { dropCookie, setCookie, undoCookie } from '#lib/server/auth/cookies.ts';
import { secondsTo } from '#lib/server/cases/desk.ts';

export interface Undoable {
  /** of the case */
  id: string;
  number: string;
  decision: string;
  /** it leads to */
  status: string;
  due: string;
}

/** Longest number of a case that is kept, characters. */
const NUMBER = 100;

export function rememberUndo(cookies: Cookies, undoable: Undoable): void {
  const { id, number, decision, status, due } = undoable;
  const text = JSON.stringify([id, number.slice(0, NUMBER), decision, status, due]);
  setCookie(cookies, undoCookie(), Buffer.from(text).toString('base64url'), Math.max(1, secondsTo(due)));
}

export const forgetUndo = (cookies: Cookies): void => dropCookie(cookies, undoCookie());

/** With the seconds left; null: there is nothing to undo. */
export function undoable(cookies: Cookies): (Undoable & { seconds: number }) | null {
  const text = cookies.get(undoCookie());
  if (!text) return null;
  try {
    const [id, number, decision, status, due] = JSON.parse(Buffer.from(text, 'base64url').toString()) as string[];
    if (!id || !number || !decision || !status || !due || !/^[\w-]{36}$/.test(id)) return null;
    const seconds = secondsTo(due);
    return seconds > 0 ? { id, number, decision, status, due, seconds } : null;
  } catch {
    return null;
  }
}
