import { settings } from '#lib/server/settings.ts';
import type { PageServerLoad } from './$types';

/** What only who runs this portal can know of it. */
export const load: PageServerLoad = () => settings().legal;
