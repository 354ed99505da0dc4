import { sessionOf } from '#lib/server/auth/required.ts';
import { slipsFor } from '#lib/server/bordereau/make.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals, params }) => slipsFor(sessionOf(locals), [params.dossier]);
