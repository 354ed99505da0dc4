import { fail, redirect } from '@sveltejs/kit';
import { hubQuery, listParams, readList } from '#lib/list.ts';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { act, type Outcome, type Wish } from '#lib/server/cases/act.ts';
import { consultationsOf } from '#lib/server/cases/consultations.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { byNumber } from '#lib/server/cases/number.ts';
import { timelineOf } from '#lib/server/cases/timeline.ts';
import { readFlows } from '#lib/server/flow/read.ts';
import { neighboursOf } from '#lib/server/hub/cases.ts';
import { markRead } from '#lib/server/hub/notifications.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { keyOf } from '#lib/server/hub/types.ts';
import { actText } from '#lib/text/case.ts';
import { shownStatus } from '#lib/text/statuses.ts';
import { acknowledgement, isFresh, isOpen, notOurs, type Target, targets } from '#lib/transitions.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const session = sessionOf(locals);
  const state = readList(url.searchParams);
  if (!UUID.test(params.dossier)) redirect(303, await byNumber(session, params.dossier));
  const { one, token } = await findCase(session, params.dossier);
  const [flows, process, near, consultations] = await Promise.all([
    readFlows(token, one),
    processOf(token, one.processCode),
    neighboursOf(session.token, one.id, hubQuery(state)).catch(() => ({ previous: null, next: null })),
    consultationsOf(session, token, one, url),
    markRead(token, one),
  ]);
  const possible = targets(process, one.status);
  return {
    id: one.id,
    number: one.externalId,
    status: one.status,
    process: process.name,
    applicant: one.applicant,
    received: one.transmissionDateTime ?? one.createDateTime,
    organisation: session.places.length > 1 ? session.nameOf(keyOf(one.recipient)) : '',
    attachments: one.attachments,
    flows,
    steps: timelineOf(one),
    consultations,
    near,
    list: listParams(state).toString(),
    acts: {
      open: isOpen(one.status),
      acknowledge:
        isFresh(one.status) && possible.includes(acknowledgement(process.code)) ? acknowledgement(process.code) : null,
      done: possible.includes('DONE'),
      targets: possible.filter((target) => target !== 'DONE'),
      notOurs: notOurs(process, one.status) ?? null,
      author: session.author,
      signed: session.hasQuality,
    },
  };
};

async function perform(event: RequestEvent, asked: Pick<Wish, 'target' | 'message'>, form: FormData, from: string) {
  const { locals, params, url, cookies } = event;
  const state = readList(url.searchParams);
  const seen = String(form.get('depuis') ?? '');
  const outcome: Outcome = await act(sessionOf(locals), params.dossier, { ...asked, seen, list: hubQuery(state) });
  if (!outcome.done) {
    const { field, message, conflict } = outcome;
    return fail(conflict ? 409 : 422, {
      from,
      errors: [{ field, message }],
      target: asked.target,
      message: asked.message,
    });
  }
  const { label } = shownStatus(outcome.status);
  const query = listParams(state).toString();
  const tail = query ? `?${query}` : '';
  if (form.get('puis') !== 'suivant') {
    leaveNotice(cookies, actText.recorded(label));
    redirect(303, `/dossiers/${params.dossier}${tail}`);
  }
  leaveNotice(
    cookies,
    outcome.next ? actText.recordedPrevious(outcome.number, label) : `${actText.recorded(label)} ${actText.lastOne}`,
  );
  redirect(303, outcome.next ? `/dossiers/${outcome.next}${tail}` : `/dossiers${tail}`);
}

const text = (form: FormData, name: string): string =>
  String(form.get(name) ?? '')
    .replace(/\r\n/g, '\n')
    .trim();

export const actions: Actions = {
  etat: async (event) => {
    const form = await event.request.formData();
    const target = text(form, 'etat');
    const message = text(form, 'message');
    if (!(target in actText.to)) {
      return fail(422, {
        from: 'etat',
        errors: [{ field: 'etat', message: actText.missingStatus }],
        target: '',
        message,
      });
    }
    return perform(event, { target: target as Target, message }, form, 'etat');
  },
  renvoyer: async (event) => {
    const form = await event.request.formData();
    const more = text(form, 'precision');
    const target: Target = text(form, 'etat') === 'SI_INTG_ERROR' ? 'SI_INTG_ERROR' : 'REFUSED';
    const message = [actText.notOursReason, more].filter(Boolean).join('\n');
    return perform(event, { target, message }, form, 'renvoyer');
  },
};
