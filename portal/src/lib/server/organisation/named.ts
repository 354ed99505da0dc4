/** Who somebody is, where no identity provider says it: its administrator does. */
import type { Named } from '#lib/server/hub/staff.ts';
import { staffText } from '#lib/text/organisation.ts';

export type Typed = Required<Named>;

const LONGEST = 100;

export function namedOf(form: FormData): Typed {
  const text = (name: string): string =>
    String(form.get(name) ?? '')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, LONGEST);
  return { givenName: text('prenom'), familyName: text('nom'), quality: text('qualite'), service: text('service') };
}

export function unnamed({ givenName, familyName }: Typed): { field: string; message: string }[] {
  return [
    ...(givenName ? [] : [{ field: 'prenom', message: staffText.missingGivenName }]),
    ...(familyName ? [] : [{ field: 'nom', message: staffText.missingFamilyName }]),
  ];
}

/** What was filled in. */
export const given = (typed: Named): Named =>
  Object.fromEntries(Object.entries(typed).filter(([, value]) => value)) as Named;
