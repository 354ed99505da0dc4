import { fail, redirect } from '@sveltejs/kit';
import { hubQuery, listParams, readList } from '#lib/list.ts';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { describeAll } from '#lib/server/cases/described.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { changeView, listViews, removeView, saveView } from '#lib/server/hub/views.ts';
import { viewsText } from '#lib/text/views.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const LONGEST = 60;

export const load: PageServerLoad = async ({ locals }) => {
  const session = sessionOf(locals);
  const views = await listViews(session.token, true);
  const words = await describeAll(
    session,
    views.map(({ filter }) => filter),
  );
  return {
    views: views.map((view, index) => ({ ...view, words: words[index] ?? '', mine: view.by === session.name })),
    every: session.isEvery,
  };
};

const text = (form: FormData, name: string): string => String(form.get(name) ?? '').trim();

const nameFault = (name: string): string =>
  name === '' ? viewsText.missingName : name.length > LONGEST ? viewsText.longName : '';

const FAULTS: Readonly<Record<number, string>> = {
  403: viewsText.refused,
  404: viewsText.gone,
  409: viewsText.tooMany,
};

/** Does it, and says so on the page that follows; what the hub refuses is said instead. @param act gives page and sentence */
async function done({ cookies }: RequestEvent, act: () => Promise<[to: string, said: string]>): Promise<never> {
  let to = '/vues';
  try {
    const [page, said] = await act();
    to = page;
    leaveNotice(cookies, said);
  } catch (error) {
    const fault = error instanceof HubProblem ? FAULTS[error.status] : undefined;
    if (fault === undefined) throw error;
    leaveNotice(cookies, fault, true);
  }
  redirect(303, to);
}

export const actions: Actions = {
  enregistrer: async (event) => {
    const form = await event.request.formData();
    const state = readList(event.url.searchParams);
    const name = text(form, 'nom');
    const fault = nameFault(name);
    const filter = hubQuery(state).toString();
    if (fault)
      return fail(422, {
        errors: [{ field: 'nom', message: fault }],
        name,
        shared: form.get('partager') === '1',
        filter: listParams(state).toString(),
      });
    const { token } = sessionOf(event.locals);
    return done(event, async () => {
      const view = await saveView(token, { name, filter, shared: form.get('partager') === '1' });
      return [`/vues/${view.slug}`, viewsText.said.saved(view.name)];
    });
  },
  changer: async (event) => {
    const form = await event.request.formData();
    const { token } = sessionOf(event.locals);
    const act = text(form, 'acte');
    const name = text(form, 'nom');
    const fault = act === 'renommer' ? nameFault(name) : '';
    const field = `nom-${text(form, 'vue')}`;
    if (fault) return fail(422, { errors: [{ field, message: fault }], name, shared: false, filter: '' });
    const changes: Record<string, Parameters<typeof changeView>[2]> = {
      renommer: { name },
      partager: { shared: true },
      garder: { shared: false },
      commencer: { first: true },
      'ne-plus-commencer': { first: false },
    };
    return done(event, async () => {
      const view = await changeView(token, text(form, 'vue'), changes[act] ?? {});
      return ['/vues', viewsText.said.changed(view.name)];
    });
  },
  supprimer: async (event) => {
    const form = await event.request.formData();
    const { token } = sessionOf(event.locals);
    return done(event, async () => {
      await removeView(token, text(form, 'vue'));
      return ['/vues', viewsText.said.removed(text(form, 'titre'))];
    });
  },
};
