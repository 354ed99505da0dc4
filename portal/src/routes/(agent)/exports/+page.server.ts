import { redirect } from '@sveltejs/kit';
import { hubQuery, listHref, listOf, readList } from '#lib/list.ts';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { describeAll } from '#lib/server/cases/described.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { FORMATS, listExports, startExport } from '#lib/server/hub/exports.ts';
import { exportText } from '#lib/text/exports.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const session = sessionOf(locals);
  const found = await listExports(session.token);
  const words = await describeAll(
    session,
    found.map(({ filter }) => filter),
  );
  return {
    exports: found.map((one, index) => ({ ...one, words: words[index] ?? '', list: listHref(listOf(one.filter)) })),
  };
};

export const actions: Actions = {
  /** The list of the address as a file: taken at once when it is made at once. */
  default: async ({ locals, url, request, cookies }) => {
    const session = sessionOf(locals);
    const state = readList(url.searchParams);
    const asked = (await request.formData()).get('format');
    const format = FORMATS.find((one) => one === asked) ?? 'ods';
    try {
      const made = await startExport(session.token, hubQuery(state), format);
      redirect(303, made.state === 'done' ? `/exports/${made.id}/fichier` : `/exports/${made.id}`);
    } catch (error) {
      if (!(error instanceof HubProblem) || error.status !== 409) throw error;
      leaveNotice(cookies, exportText.tooMany, true);
      redirect(303, '/exports');
    }
  },
};
