import { isFiltered, listParams, readList } from '#lib/list.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { countersOf, processNames, rowsOf } from '#lib/server/cases/lists.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import type { PageServerLoad } from './$types';

const ROWS = 50;

export const load: PageServerLoad = async ({ locals, url }) => {
  const session = sessionOf(locals);
  const state = readList(url.searchParams);
  const page = Math.max(1, Math.min(Number(url.searchParams.get('page')) || 1, 10_000));
  const from = page > 1 ? url.searchParams.get('suite') : null;
  const [found, counters] = await Promise.all([
    rowsOf(session, state, from, ROWS).catch((error: unknown) => {
      // A mark of another sort, or of long ago: the beginning of the list does.
      if (from === null || !(error instanceof HubProblem) || error.status !== 422) throw error;
      return rowsOf(session, state, null, ROWS);
    }),
    countersOf(session),
  ]);
  const names = await processNames(session, new Set(counters.processes.map(({ processCode }) => processCode)));
  return {
    state,
    params: listParams(state).toString(),
    filtered: isFiltered(state),
    ...found,
    page,
    first: found.rows.length === 0 ? 0 : (page - 1) * ROWS + 1,
    counters: counters.views,
    processes: [...names].map(([code, name]) => ({ code, name })).sort((a, b) => a.name.localeCompare(b.name, 'fr')),
    every: session.isEvery,
  };
};
