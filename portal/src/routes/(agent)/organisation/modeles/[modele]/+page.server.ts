import { error, fail, redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { listTemplates, putTemplate, removeTemplate } from '#lib/server/hub/templates.ts';
import { administered } from '#lib/server/organisation/place.ts';
import { processesOf } from '#lib/server/organisation/processes.ts';
import { readTemplate, typedOfTemplate } from '#lib/server/organisation/template.ts';
import { templateText } from '#lib/text/templates.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params }) => {
  const own = await administered(sessionOf(locals));
  const [templates, processes] = await Promise.all([listTemplates(own.token), processesOf(own.token)]);
  const template = templates.find(({ id }) => id === params.modele);
  if (template === undefined) error(404, 'no such template');
  return { organisation: own.name, typed: typedOfTemplate(template), processes };
};

export const actions: Actions = {
  enregistrer: async ({ request, locals, cookies, params }) => {
    const own = await administered(sessionOf(locals));
    const { typed, template } = await readTemplate(request, own.token);
    if (Array.isArray(template)) return fail(422, { errors: template, typed });
    await putTemplate(own.token, params.modele, template);
    leaveNotice(cookies, templateText.saved(template.name));
    redirect(303, '/organisation/modeles');
  },
  supprimer: async ({ locals, cookies, params }) => {
    const own = await administered(sessionOf(locals));
    const name = (await listTemplates(own.token)).find(({ id }) => id === params.modele)?.name ?? '';
    await removeTemplate(own.token, params.modele).catch((problem: unknown) => {
      // Somebody else was quicker: it is gone, as was wanted.
      if (!(problem instanceof HubProblem) || problem.status !== 404) throw problem;
    });
    leaveNotice(cookies, templateText.removed(name));
    redirect(303, '/organisation/modeles');
  },
};
