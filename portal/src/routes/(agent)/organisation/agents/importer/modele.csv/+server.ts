import { sessionOf } from '#lib/server/auth/required.ts';
import { administered } from '#lib/server/organisation/place.ts';
import { processesOf } from '#lib/server/organisation/processes.ts';
import { importText } from '#lib/text/importing.ts';
import type { RequestHandler } from './$types';

/** A byte order mark: spreadsheets read accents by it. */
const MARK = '\ufeff';

/** The file to fill in, with the organisation's own démarches in its example. */
export const GET: RequestHandler = async ({ locals }) => {
  const own = await administered(sessionOf(locals));
  const [first] = await processesOf(own.token);
  const head = Object.keys(importText.columnTexts).join(';');
  const example = ['prenom.nom@exemple.fr', 'Camille', 'Exemple', 'adjointe au maire', 'accueil', 'agent'];
  const text = `${MARK}${head}\r\n${[...example, first?.code ?? 'toutes'].join(';')}\r\n`;
  return new Response(text, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${importText.templateName}"`,
    },
  });
};
