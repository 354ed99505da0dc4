import { readList } from '#lib/list.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { countersOf, processNames, rowsOf } from '#lib/server/cases/lists.ts';
import type { PageServerLoad } from './$types';

const OLDEST = 5;

export const load: PageServerLoad = async ({ locals }) => {
  const session = sessionOf(locals);
  const [counters, oldest] = await Promise.all([
    countersOf(session),
    rowsOf(session, readList(new URLSearchParams()), null, OLDEST),
  ]);
  const names = await processNames(session, new Set(counters.processes.map(({ processCode }) => processCode)));
  return {
    firstName: session.firstName,
    counters: counters.views,
    unread: counters.unread,
    soon: counters.soon,
    late: counters.late || oldest.late,
    oldest: oldest.rows,
    every: session.isEvery,
    processes: counters.processes
      .map(({ processCode, views }) => ({
        code: processCode,
        name: names.get(processCode) ?? processCode,
        waiting: views.waiting,
        progress: views.progress,
      }))
      .sort((a, b) => b.waiting - a.waiting || a.name.localeCompare(b.name, 'fr')),
  };
};
