import { error, redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { secondsTo } from '#lib/server/cases/desk.ts';
import { processNames } from '#lib/server/cases/lists.ts';
import { RESULTS, type Result, readBulk, undoBulk } from '#lib/server/hub/bulk.ts';
import { bulkText } from '#lib/text/bulk.ts';
import type { Actions, PageServerLoad } from './$types';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const session = sessionOf(locals);
  if (!UUID.test(params.lot)) error(404, 'no such job');
  const result = RESULTS.find((one) => one === url.searchParams.get('issue')) ?? null;
  const after = /^\d{1,9}$/.exec(url.searchParams.get('apres') ?? '')?.[0];
  const query = new URLSearchParams({ ...(result && { result }), ...(after && { after }) });
  const job = await readBulk(session.token, params.lot, query);
  const names = await processNames(session, new Set(job.lines.map(({ processCode }) => processCode)));
  return {
    ...job,
    lines: job.lines.map((line) => ({ ...line, process: names.get(line.processCode) ?? line.processCode })),
    result: result as Result | null,
    seconds: job.undoUntil === null ? null : Math.max(1, secondsTo(job.undoUntil)),
  };
};

export const actions: Actions = {
  annuler: async ({ locals, params, cookies }) => {
    await undoBulk(sessionOf(locals).token, params.lot);
    leaveNotice(cookies, bulkText.undoSaid);
    redirect(303, `/dossiers/lots/${params.lot}`);
  },
};
