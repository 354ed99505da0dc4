/** A template as its form says it. */
import type { NewTemplate, Template } from '#lib/server/hub/templates.ts';
import { isKind, LONGEST_TEXT, unknownIn } from '#lib/templates.ts';
import { templateText } from '#lib/text/templates.ts';
import { processesOf } from './processes.ts';

const LONGEST_NAME = 80;

export interface Typed {
  kind: string;
  name: string;
  process: string;
  text: string;
}

interface Mistake {
  field: string;
  message: string;
}

export const typedTemplate = (form: FormData): Typed => ({
  kind: String(form.get('usage') ?? ''),
  name: String(form.get('nom') ?? '')
    .replace(/\s+/g, ' ')
    .trim(),
  process: String(form.get('demarche') ?? ''),
  text: String(form.get('texte') ?? '')
    .replace(/\r\n/g, '\n')
    .trim(),
});

export const typedOfTemplate = ({ kind, name, processCode, text }: Template): Typed => ({
  ...{ kind, name, process: processCode ?? '', text },
});

/** What the form of a page says, and the template it makes, or what is wrong with it. */
export async function readTemplate(request: Request, token: string) {
  const typed = typedTemplate(await request.formData());
  const known = await processesOf(token);
  return {
    typed,
    template: templateOf(
      typed,
      known.map(({ code }) => code),
    ),
  };
}

/** @param known codes of the organisation's démarches */
export function templateOf(typed: Typed, known: readonly string[]): NewTemplate | Mistake[] {
  const { kind, name, process, text } = typed;
  const faults: Mistake[] = [];
  if (!isKind(kind)) faults.push({ field: 'usage', message: templateText.missingKind });
  if (!name) faults.push({ field: 'nom', message: templateText.missingName });
  else if (name.length > LONGEST_NAME) faults.push({ field: 'nom', message: templateText.nameLong });
  const unknown = unknownIn(text);
  if (!text) faults.push({ field: 'texte', message: templateText.missingText });
  else if (isKind(kind) && text.length > LONGEST_TEXT[kind])
    faults.push({ field: 'texte', message: templateText.tooLong(LONGEST_TEXT[kind]) });
  else if (unknown !== undefined) faults.push({ field: 'texte', message: templateText.unknownVariable(unknown) });
  if (!isKind(kind) || faults.length > 0) return faults;
  return { kind, name, processCode: known.includes(process) ? process : null, text };
}
