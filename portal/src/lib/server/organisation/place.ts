/** The organisation its pages are about. */
import { error } from '@sveltejs/kit';
import type { Place, Session } from '#lib/server/auth/session.ts';

export interface Own extends Place {
  token: string;
  isAdministrator: boolean;
}

/** The chosen one; with all of them chosen, the first that the agent administers, or its first. */
export async function ownPlace(session: Session): Promise<Own> {
  const place =
    session.places.find(({ key }) => key === session.chosen) ??
    session.places.find(({ role }) => role === 'administrator') ??
    session.places[0];
  if (place === undefined) error(403, 'no organisation');
  const token = await session.tokenFor(place.key);
  return { ...place, token, isAdministrator: place.role === 'administrator' };
}

/** The same, for its administrators only: the API says so too. */
export async function administered(session: Session): Promise<Own> {
  const own = await ownPlace(session);
  if (!own.isAdministrator) error(403, 'administrators only');
  return own;
}
