/** One list over several organisations: the hub's lists, one an organisation, merged in their order. */
import type { ListState, Sort } from '#lib/list.ts';
import type { Listed, Page } from '#lib/server/hub/cases.ts';

/** Where an organisation's list goes on: behind a mark of the hub's, and so many rows further. */
interface Mark {
  after: string | null;
  skip: number;
}

export interface Merged {
  items: Listed[];
  /** null: this is the end */
  next: string | null;
  total: { count: number; exact: boolean };
  late: boolean;
}

export type Reader = (organisation: string, after: string | null, limit: number) => Promise<Page>;

const collator = new Intl.Collator('fr');
const KEYS: Readonly<Record<Sort, (one: Listed) => string>> = {
  received: ({ received }) => received,
  number: ({ externalId }) => externalId,
  applicant: ({ applicant }) => `${applicant.lastName} ${applicant.firstName}`,
  status: ({ status }) => status,
  updated: ({ updated }) => updated,
};

export async function merged(
  organisations: readonly string[],
  { sort, descending }: Pick<ListState, 'sort' | 'descending'>,
  from: string | null,
  limit: number,
  read: Reader,
): Promise<Merged> {
  const marks = openMarks(from);
  const pages = await Promise.all(
    organisations.map(async (organisation) => {
      const mark = marks === null ? { after: null, skip: 0 } : marks[organisation];
      if (mark === undefined) return { organisation, mark: { after: null, skip: 0 }, rows: [], page: undefined };
      const page = await read(organisation, mark.after, Math.min(limit + mark.skip, 100));
      return { organisation, mark, rows: page.items.slice(mark.skip), page };
    }),
  );
  const key = KEYS[sort];
  const way = descending ? -1 : 1;
  const every = pages.flatMap(({ organisation, rows }) => rows.map((row) => ({ organisation, row })));
  const taken = every.sort((a, b) => way * collator.compare(key(a.row), key(b.row))).slice(0, limit);
  const next: Record<string, Mark> = {};
  for (const { organisation, mark, rows, page } of pages) {
    const used = taken.filter((one) => one.organisation === organisation).length;
    if (used < rows.length) next[organisation] = { after: mark.after, skip: mark.skip + used };
    else if (page?.next) next[organisation] = { after: page.next, skip: 0 };
  }
  const totals = pages.flatMap(({ page }) => (page ? [page.total] : []));
  return {
    items: taken.map(({ row }) => row),
    next: Object.keys(next).length > 0 ? Buffer.from(JSON.stringify(next)).toString('base64url') : null,
    total: {
      count: totals.reduce((sum, { count }) => sum + count, 0),
      exact: totals.every(({ exact }) => exact),
    },
    late: pages.some(({ page }) => page?.late),
  };
}

/** What an earlier page said; null: the beginning. */
function openMarks(text: string | null): Record<string, Mark> | null {
  if (!text) return null;
  try {
    const marks = JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, Mark>;
    const good = ({ after, skip }: Mark): boolean =>
      (after === null || typeof after === 'string') && Number.isInteger(skip) && skip >= 0 && skip < 100;
    return Object.values(marks).every(good) ? marks : null;
  } catch {
    return null;
  }
}
