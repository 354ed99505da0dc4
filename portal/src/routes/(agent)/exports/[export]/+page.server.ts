import { error } from '@sveltejs/kit';
import { listHref, listOf } from '#lib/list.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { describeAll } from '#lib/server/cases/described.ts';
import { readExport } from '#lib/server/hub/exports.ts';
import type { PageServerLoad } from './$types';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export const load: PageServerLoad = async ({ locals, params }) => {
  const session = sessionOf(locals);
  if (!UUID.test(params.export)) error(404, 'no such export');
  const one = await readExport(session.token, params.export);
  const [words] = await describeAll(session, [one.filter]);
  return { ...one, words: words ?? '', list: listHref(listOf(one.filter)) };
};
