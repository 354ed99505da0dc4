/** « Utiliser » of a case's form: the same form again, with the template after what was typed. */
import { day } from '#lib/format/date.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { listTemplates } from '#lib/server/hub/templates.ts';
import { FORMS, filled, isForm, joined } from '#lib/templates.ts';
import { templateText } from '#lib/text/templates.ts';
import { typedOf, type Unsent } from '#lib/unsent.ts';
import type { CaseEvent } from './attempt.ts';

export async function useTemplate({ locals, params, request }: CaseEvent): Promise<Unsent> {
  const form = await request.formData();
  const from = String(form.get('pour') ?? '');
  const typed = typedOf(form);
  if (!isForm(from)) return { from, typed, errors: [] };
  const { kind, field } = FORMS[from];
  const chosen = String(form.get('modele') ?? '');
  if (chosen === '') return { from, typed, errors: [{ field: `modele-${from}`, message: templateText.none }] };
  const session = sessionOf(locals);
  const { one, token } = await findCase(session, params.dossier);
  const [templates, process] = await Promise.all([listTemplates(token), processOf(token, one.processCode)]);
  const template = templates.find(({ id, kind: of }) => id === chosen && of === kind);
  if (template === undefined) return { from, typed, errors: [{ field: `modele-${from}`, message: templateText.gone }] };
  const text = filled(template.text, {
    numero: one.externalId,
    demandeur: [one.applicant.firstName, one.applicant.lastName].filter(Boolean).join(' '),
    demarche: process.name,
    date: day(new Date().toISOString()),
    agent: session.author,
  });
  return { from, errors: [], typed: { ...typed, [field]: [joined(typed[field]?.[0] ?? '', text)] } };
}
