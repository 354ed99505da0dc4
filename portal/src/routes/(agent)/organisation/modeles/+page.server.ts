import { sessionOf } from '#lib/server/auth/required.ts';
import { listTemplates } from '#lib/server/hub/templates.ts';
import { ownPlace } from '#lib/server/organisation/place.ts';
import { processesOf } from '#lib/server/organisation/processes.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const own = await ownPlace(sessionOf(locals));
  const [templates, processes] = await Promise.all([listTemplates(own.token), processesOf(own.token)]);
  const names = new Map(processes.map(({ code, name }) => [code, name]));
  return {
    name: own.name,
    isAdministrator: own.isAdministrator,
    templates: templates
      .map(({ id, kind, name, text, processCode }) => ({
        ...{ id, kind, name, text },
        process: processCode === null ? '' : (names.get(processCode) ?? processCode),
      }))
      .sort((a, b) => a.name.localeCompare(b.name, 'fr')),
  };
};
