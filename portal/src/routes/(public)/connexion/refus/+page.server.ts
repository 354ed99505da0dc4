import { ownPath } from '#lib/server/auth/return.ts';
import { denials } from '#lib/text/session.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ url }) => {
  const asked = url.searchParams.get('raison') ?? '';
  const reference = url.searchParams.get('ref') ?? '';
  return {
    reason: (asked in denials ? asked : 'unexpected') as keyof typeof denials,
    back: ownPath(url.searchParams.get('retour')),
    reference: /^[0-9a-f-]{36}$/.test(reference) ? reference : undefined,
  };
};
