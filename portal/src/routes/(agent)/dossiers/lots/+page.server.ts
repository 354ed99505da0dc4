import { fail, redirect } from '@sveltejs/kit';
import { type Act, isAct } from '#lib/bulk.ts';
import { listHref, listParams, readList } from '#lib/list.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { colleaguesOf } from '#lib/server/cases/colleagues.ts';
import { type Choice, launch, summaryOf } from '#lib/server/cases/many.ts';
import { settings } from '#lib/server/settings.ts';
import { actText } from '#lib/text/case.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;
const LONGEST_MESSAGE = 1000;

/** This page is only what a form leads to. */
export const load: PageServerLoad = async ({ locals, url }) => {
  const session = sessionOf(locals);
  const state = readList(url.searchParams);
  return {
    back: listHref(state),
    params: listParams(state).toString(),
    colleagues: [{ id: session.agentId, name: session.name }, ...(await colleaguesOf(session))],
    undoSeconds: settings().undoSeconds,
    author: session.author,
    signed: session.hasQuality,
  };
};

async function choiceOf({ request, url }: RequestEvent): Promise<Omit<Choice, 'act'> & { act: Act | null }> {
  const form = await request.formData();
  const text = (name: string): string =>
    String(form.get(name) ?? '')
      .replace(/\r\n/g, '\n')
      .trim();
  const cases = form
    .getAll('dossier')
    .map(String)
    .filter((id) => UUID.test(id));
  const act = text('acte');
  return {
    act: isAct(act) ? act : null,
    state: readList(url.searchParams),
    cases: text('portee') === 'filtre' ? null : cases,
    message: text('message'),
    agent: UUID.test(text('agent')) ? text('agent') : '',
  };
}

export const actions: Actions = {
  verifier: async (event) => {
    const { act, ...rest } = await choiceOf(event);
    const session = sessionOf(event.locals);
    if (act === null || rest.cases?.length === 0) return { act, cases: rest.cases, summary: null, errors: [] };
    const agent = act === 'attribuer' ? session.agentId : '';
    return { act, cases: rest.cases, summary: await summaryOf(session, { ...rest, act, agent }), errors: [] };
  },
  lancer: async (event) => {
    const { act, ...rest } = await choiceOf(event);
    const session = sessionOf(event.locals);
    if (act === null || rest.cases?.length === 0)
      return fail(422, { act, cases: rest.cases, summary: null, errors: [] });
    const decides = act === 'traiter' || act === 'refuser';
    const fault =
      decides && !session.hasQuality
        ? actText.unsigned
        : act === 'refuser' && !rest.message
          ? actText.missingMessage
          : rest.message.length > LONGEST_MESSAGE
            ? actText.tooLong
            : null;
    if (fault !== null) {
      const summary = await summaryOf(session, { ...rest, act });
      return fail(422, { act, cases: rest.cases, summary, errors: [{ field: 'message', message: fault }] });
    }
    redirect(303, `/dossiers/lots/${await launch(session, { ...rest, act })}`);
  },
};
