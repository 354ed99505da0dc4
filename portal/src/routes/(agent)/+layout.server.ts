import { sessionOf } from '#lib/server/auth/required.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = ({ locals }) => {
  sessionOf(locals);
};
