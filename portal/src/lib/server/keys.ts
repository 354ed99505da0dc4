/** Whether shortcuts of one letter play in this browser (WCAG 2.1.4): they do unless it was said otherwise. */
import type { Cookies } from '@sveltejs/kit';
import { isSecure } from '#lib/server/settings.ts';

export const KEYS_OFF = 'non';
export const keysCookie = (): string => `${isSecure() ? '__Host-' : ''}relais-raccourcis`;
export const keysOn = (cookies: Cookies): boolean => cookies.get(keysCookie()) !== KEYS_OFF;
