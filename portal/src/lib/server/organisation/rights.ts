/** Role and démarches, as a form says them. */
import type { Colleague, Rights } from '#lib/server/hub/staff.ts';
import { staffText } from '#lib/text/organisation.ts';

interface Mistake {
  field: string;
  message: string;
}

const ROLES: readonly Colleague['role'][] = ['agent', 'administrator', 'delegate'];

export interface Asked {
  role: string;
  scope: string;
  processes: string[];
}

export const askedOf = (form: FormData): Asked => ({
  role: String(form.get('role') ?? ''),
  scope: String(form.get('portee') ?? ''),
  processes: form.getAll('demarche').map(String),
});

/** @param known codes of the organisation's démarches */
export function rightsOf({ role, scope, processes }: Asked, known: readonly string[]): Rights | Mistake[] {
  const wrong: Mistake[] = [];
  const found = ROLES.find((one) => one === role);
  if (found === undefined) wrong.push({ field: 'role', message: staffText.missingRole });
  const chosen = scope === 'toutes' ? null : processes.filter((code) => known.includes(code));
  if (chosen?.length === 0) wrong.push({ field: 'portee', message: staffText.missingProcesses });
  return found === undefined || wrong.length > 0 ? wrong : { role: found, processCodes: chosen };
}

/** What the hub refuses, in words; undefined: something else went wrong. */
export function refusalOf(code: string): Mistake | undefined {
  if (code === 'agent-exists') return { field: 'email', message: staffText.exists };
  if (code === 'last-administrator') return { field: 'role', message: staffText.lastAdministrator };
  return code === 'form-invalid' ? { field: 'email', message: staffText.badEmail } : undefined;
}
