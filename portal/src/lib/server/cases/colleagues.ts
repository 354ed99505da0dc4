/** With whom an agent shares its cases, over one or all of its organisations. */
import type { Session } from '#lib/server/auth/session.ts';
import { peers } from '#lib/server/hub/desk.ts';

/** Itself left out: it is « moi ». */
export async function colleaguesOf(session: Session): Promise<{ id: string; name: string }[]> {
  const found = await Promise.all(
    session.organisations.map(async (organisation) => peers(await session.tokenFor(organisation))),
  );
  const names = new Map(found.flat().map(({ id, name }) => [id, name]));
  names.delete(session.agentId);
  return Array.from(names, ([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name, 'fr'));
}
