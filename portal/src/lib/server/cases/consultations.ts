/** « Consultations » of a case, for administrators: asked for by a link, as the hub reads its files for them. */
import type { Session } from '#lib/server/auth/session.ts';
import { readAccesses } from '#lib/server/hub/accesses.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { type Case, keyOf } from '#lib/server/hub/types.ts';
import { consultationText } from '#lib/text/consultations.ts';

const SHOWN = 50;
const ASKED = 'consultations';
const BEFORE = 'consultations-avant';

export interface Consultation {
  at: string;
  what: string;
  by: string;
}

export interface Consultations {
  /** null: not asked for yet */
  items: Consultation[] | null;
  /** address of the older ones, or of the first ones while there are none; null: these are all */
  more: string | null;
  /** the hub could not tell */
  failed: boolean;
}

/** Null: not for this agent. */
export async function consultationsOf(
  session: Session,
  token: string,
  one: Case,
  url: URL,
): Promise<Consultations | null> {
  if (!session.administers(keyOf(one.recipient))) return null;
  if (!url.searchParams.has(ASKED)) return { items: null, more: addressOf(url, null), failed: false };
  try {
    const { items, next } = await readAccesses(token, one.id, url.searchParams.get(BEFORE), SHOWN);
    return {
      items: items.map(({ dateTime, kind, agent, partId }) => ({
        at: dateTime,
        what: kind === 'file' ? fileText(one, partId) : consultationText.what[kind],
        by: agent ?? consultationText.unknown,
      })),
      more: next === null ? null : addressOf(url, next),
      failed: false,
    };
  } catch (error) {
    if (!(error instanceof HubProblem)) throw error;
    return { items: null, more: addressOf(url, null), failed: true };
  }
}

function fileText(one: Case, part: string | null): string {
  const files = [...one.attachments, ...one.events.flatMap(({ attachments }) => attachments)];
  const name = files.find(({ id }) => id === part)?.fileName;
  return name === undefined ? consultationText.what.file : consultationText.namedFile(name);
}

/** The same page, with its list's own parameters. */
function addressOf(url: URL, before: string | null): string {
  const query = new URLSearchParams(url.searchParams);
  query.set(ASKED, 'oui');
  if (before === null) query.delete(BEFORE);
  else query.set(BEFORE, before);
  return `?${query}#consultations`;
}
