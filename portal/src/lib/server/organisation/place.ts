/** The organisation its pages are about. */
import { error } from '@sveltejs/kit';
import type { Place, Session } from '#lib/server/auth/session.ts';
import { peers } from '#lib/server/hub/desk.ts';
import { sentenceOf } from '#lib/text/errors.ts';

export interface Own extends Place {
  token: string;
  isAdministrator: boolean;
}

/** @throws 403 for who belongs to none */
export async function ownPlace(session: Session): Promise<Own> {
  const place = session.own;
  if (place === undefined) error(403, 'no organisation');
  const token = await session.tokenFor(place.key);
  return { ...place, token, isAdministrator: place.role === 'administrator' };
}

/** The same, for its administrators only: the API says so too. */
export async function administered(session: Session): Promise<Own> {
  const own = await ownPlace(session);
  if (!own.isAdministrator) {
    const reserved = { organisation: own.name, administrators: await administratorsOf(own.token) };
    error(403, sentenceOf(403), { reserved });
  }
  return own;
}

/** Whom to ask; none where the hub does not say. */
async function administratorsOf(token: string): Promise<string[]> {
  const found = await peers(token).catch(() => []);
  return found
    .filter(({ role }) => role === 'administrator')
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b, 'fr'));
}
