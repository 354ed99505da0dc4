import type { RequestHandler } from './$types';

/** To come here is the gesture: the session was read, and so prolonged, before. */
export const POST: RequestHandler = () => new Response(null, { status: 204 });
