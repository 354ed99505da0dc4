import { error } from '@sveltejs/kit';
import { sessionOf } from '#lib/server/auth/required.ts';
import { lookFor, streamOf } from '#lib/server/live.ts';
import type { RequestHandler } from './$types';

/** A stream for who can read one, one look for who asks from time to time. */
export const GET: RequestHandler = async ({ locals, url, request }) => {
  const look = await lookFor(sessionOf(locals), url.searchParams);
  if (look === undefined) error(404, 'nothing to look for');
  if (!request.headers.get('accept')?.includes('text/event-stream')) return Response.json(await look());
  return new Response(streamOf(look), {
    headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
  });
};
