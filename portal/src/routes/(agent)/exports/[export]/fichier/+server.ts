import { error } from '@sveltejs/kit';
import { sessionOf } from '#lib/server/auth/required.ts';
import { openExport } from '#lib/server/hub/exports.ts';
import type { RequestHandler } from './$types';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
/** What a browser needs to go on with a download that broke. */
const ASKED = ['range', 'if-range'];
const TOLD = ['content-type', 'content-length', 'content-range', 'content-disposition', 'accept-ranges', 'etag'];

const some = (from: Headers, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (from.has(name) ? [[name, from.get(name) as string]] : [])));

export const GET: RequestHandler = async ({ locals, params, request }) => {
  if (!UUID.test(params.export)) error(404, 'no such export');
  const answer = await openExport(sessionOf(locals).token, params.export, some(request.headers, ASKED));
  return new Response(answer.body, {
    status: answer.status,
    headers: { ...some(answer.headers, TOLD), 'content-security-policy': "sandbox; default-src 'none'" },
  });
};
