import { ownPath } from '#lib/server/auth/return.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => ({
  back: ownPath(url.searchParams.get('retour')),
  kept: url.searchParams.has('garde'),
  unsent: url.searchParams.has('perdu'),
});
