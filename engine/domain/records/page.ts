/** One entry of a sorted set. */
export interface PageEntry {
  member: string;
  score: number;
}

/** The first entries of a sorted set, lowest score first, as the decision that asks for them must see them. */
export interface PageState {
  entries: PageEntry[];
  /** the set may hold further ones */
  more: boolean;
}

/** Entries read at once: bounds the turn that moves them. */
export const PAGE_SIZE = 256;

/**
 * A page as of now: what Redis holds, with what earlier decisions of the same turn added and dropped.
 *
 * @param committed `[member, score, …]` of the first `size` entries, as ZRANGE WITHSCORES gives them
 * @param pending member → score, or null when dropped
 * @param size how many entries were asked for
 */
export function overlayPage(
  committed: readonly (string | number)[],
  pending: ReadonlyMap<string, number | null> = new Map(),
  size = PAGE_SIZE,
): PageState {
  const scores = new Map<string, number>();
  for (let i = 0; i < committed.length; i += 2) scores.set(String(committed[i]), Number(committed[i + 1]));
  const more = scores.size >= size;
  const last = more ? Number(committed[committed.length - 1]) : Number.POSITIVE_INFINITY;
  for (const [member, score] of pending) {
    if (score === null) scores.delete(member);
    else if (score <= last) scores.set(member, score);
    else scores.delete(member);
  }
  const entries = [...scores].map(([member, score]) => ({ member, score }));
  entries.sort((a, b) => a.score - b.score || (a.member < b.member ? -1 : 1));
  return { entries, more };
}
