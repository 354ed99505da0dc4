/** An address may bear a case's number, as people write it in e-mails. */
import { listHref, readList } from '#lib/list.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { rowsOf } from './lists.ts';

/** The page of the only case of this number, or the list of those that look like it. */
export async function byNumber(session: Session, number: string): Promise<string> {
  const state = readList(new URLSearchParams({ vue: 'tous', q: number }));
  const { rows } = await rowsOf(session, state, null, 20);
  const same = rows.filter((row) => row.number === number);
  const [only] = same;
  return only && same.length === 1 ? `/dossiers/${only.id}` : listHref(state);
}
