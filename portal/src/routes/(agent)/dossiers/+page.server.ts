import { redirect } from '@sveltejs/kit';
import { hubQuery, isFiltered, listHref, listOf, listParams, readList } from '#lib/list.ts';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { colleaguesOf } from '#lib/server/cases/colleagues.ts';
import { countersOf, processNames, rowsOf } from '#lib/server/cases/lists.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { listViews } from '#lib/server/hub/views.ts';
import type { PageServerLoad } from './$types';

const ROWS = 50;

/** This page with all its cases ticked, or none. */
function tickHref({ pathname, searchParams }: URL): string {
  const params = new URLSearchParams(searchParams);
  if (params.get('cocher') === 'page') params.delete('cocher');
  else params.set('cocher', 'page');
  return `${pathname}?${params}`;
}

export const load: PageServerLoad = async ({ locals, url, cookies, parent }) => {
  const session = sessionOf(locals);
  const state = readList(url.searchParams);
  const page = Math.max(1, Math.min(Number(url.searchParams.get('page')) || 1, 10_000));
  const from = page > 1 ? url.searchParams.get('suite') : null;
  const [found, counters, colleagues, views] = await Promise.all([
    rowsOf(session, state, from, ROWS).catch((error: unknown) => {
      // A mark of another sort, or of long ago: the beginning of the list does.
      if (from === null || !(error instanceof HubProblem) || error.status !== 422) throw error;
      return rowsOf(session, state, null, ROWS);
    }),
    countersOf(session),
    colleaguesOf(session),
    listViews(session.token, true),
  ]);
  const first = views.find((view) => view.first);
  if (url.search === '' && first) {
    // What this page was to say is said by the one it leads to.
    const { notice } = await parent();
    if (notice) leaveNotice(cookies, notice.text, notice.tone === 'warning');
    redirect(303, listHref(listOf(first.filter), { saved: first.slug }));
  }
  const query = hubQuery(state).toString();
  const codes = counters.processes.map(({ processCode }) => processCode);
  // The one that is asked for is offered even when it has no case: a filter that is at work is seen.
  const names = await processNames(session, new Set(state.process ? [...codes, state.process] : codes));
  return {
    state,
    params: listParams(state).toString(),
    filtered: isFiltered(state),
    ...found,
    page,
    // Without a script a whole page is ticked by a link.
    ticked: url.searchParams.get('cocher') === 'page',
    tickHref: tickHref(url),
    first: found.rows.length === 0 ? 0 : (page - 1) * ROWS + 1,
    counters: counters.views,
    processes: [...names].map(([code, name]) => ({ code, name })).sort((a, b) => a.name.localeCompare(b.name, 'fr')),
    colleagues,
    every: session.isEvery,
    hasFirst: first !== undefined,
    views: views.map(({ slug, name, filter, total }) => ({
      slug,
      name,
      total,
      current: slug === state.saved && filter === query,
    })),
  };
};
