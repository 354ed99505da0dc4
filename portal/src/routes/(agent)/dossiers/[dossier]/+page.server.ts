import { fail, redirect } from '@sveltejs/kit';
import { isAnswered } from '#lib/answered.ts';
import { hubQuery, listParams, readList } from '#lib/list.ts';
import { stampOf } from '#lib/live.ts';
import { leaveNotice, leaveNoticeWithFiles } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { addressOf } from '#lib/server/bordereau/make.ts';
import { act, type Outcome, type Wish } from '#lib/server/cases/act.ts';
import { consultationsOf } from '#lib/server/cases/consultations.ts';
import { deskOf, secondsTo, withAssignment } from '#lib/server/cases/desk.ts';
import { assignCase, type Said, undoDecision } from '#lib/server/cases/deskacts.ts';
import { findBeside } from '#lib/server/cases/find.ts';
import { byNumber } from '#lib/server/cases/number.ts';
import { timelineOf } from '#lib/server/cases/timeline.ts';
import { readFlows } from '#lib/server/flow/read.ts';
import { neighboursOf } from '#lib/server/hub/cases.ts';
import { openDesk, peers } from '#lib/server/hub/desk.ts';
import { isUnread, markRead } from '#lib/server/hub/notifications.ts';
import { processOf } from '#lib/server/hub/processes.ts';
import { listTemplates } from '#lib/server/hub/templates.ts';
import { keyOf } from '#lib/server/hub/types.ts';
import { talkActions } from '#lib/server/talk/actions.ts';
import { failed } from '#lib/server/talk/attempt.ts';
import { refusalOf, requestOf } from '#lib/server/talk/compose.ts';
import { bringBack, keepDecided, readDraft, settleDraft } from '#lib/server/talk/drafts.ts';
import { hear } from '#lib/server/talk/heard.ts';
import { receiptFor, receiptGaps } from '#lib/server/talk/receipts.ts';
import { rightsOf } from '#lib/server/talk/rights.ts';
import { threadOf } from '#lib/server/talk/thread.ts';
import { forgetUndo, rememberUndo } from '#lib/server/undo.ts';
import { offered } from '#lib/templates.ts';
import { actText } from '#lib/text/case.ts';
import { reasonsOf } from '#lib/text/reasons.ts';
import { piecesOf } from '#lib/text/requests.ts';
import { shownStatus } from '#lib/text/statuses.ts';
import {
  acknowledgement,
  isFresh,
  isOpen,
  isOverdue,
  mayAsk,
  notOurs,
  type Target,
  targets,
} from '#lib/transitions.ts';
import { typedOf } from '#lib/unsent.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** These are asked for by forms of their own. */
const OWN_FORM: readonly Target[] = ['DONE', 'REFUSED', 'ADD_AWAITING'];

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const session = sessionOf(locals);
  const state = readList(url.searchParams);
  if (!UUID.test(params.dossier)) redirect(303, await byNumber(session, params.dossier));
  const near = neighboursOf(session.token, params.dossier, hubQuery(state)).catch(() => ({
    previous: null,
    next: null,
  }));
  const { one, token, beside } = await findBeside(session, params.dossier, (own) =>
    Promise.all([openDesk(own, params.dossier), peers(own), listTemplates(own), isUnread(own, params.dossier)]),
  );
  const [desk, colleagues, templates, unread] = beside;
  const [flows, process, draft, consultations] = await Promise.all([
    readFlows(token, one),
    processOf(token, one.processCode),
    readDraft(session.agent.email, one.id),
    consultationsOf(session, token, one, url),
    hear(token, one).then(() => (unread ? markRead(token, one) : undefined)),
  ]);
  const possible = targets(process, one.status);
  return {
    id: one.id,
    number: one.externalId,
    address: addressOf(one.id),
    version: one.version,
    stamp: stampOf(desk.version, desk.pending),
    status: one.status,
    desk: deskOf(session, desk, colleagues, one.processCode),
    process: process.name,
    applicant: one.applicant,
    received: one.transmissionDateTime ?? one.createDateTime,
    deadline: desk.deadline,
    overdue: isOverdue(one.status, desk.deadline),
    organisation: session.places.length > 1 ? session.nameOf(keyOf(one.recipient)) : '',
    attachments: one.attachments,
    flows,
    steps: withAssignment(timelineOf(one), desk),
    thread: threadOf(one, session.author),
    // A message that moves the case would undo a decision that waits.
    rights: { ...rightsOf(process, one.status), ...(desk.pending && { withStatus: [] }) },
    draft,
    answered: isAnswered(
      one.status,
      one.events.map((event) => ({ ...event, ours: keyOf(event.transmitter) === keyOf(one.recipient) })),
    ),
    decisions: {
      pieces: mayAsk(process, one.status) ? piecesOf(process.code) : [],
      reasons: possible.includes('REFUSED') ? reasonsOf(process.code) : [],
    },
    consultations,
    templates: offered(templates, one.processCode),
    near: await near,
    list: listParams(state).toString(),
    acts: {
      open: isOpen(one.status),
      acknowledge:
        isFresh(one.status) && possible.includes(acknowledgement(process.code)) ? acknowledgement(process.code) : null,
      receipt: isFresh(one.status) ? receiptFor(session, one, process) : '',
      gaps: receiptGaps(session, one),
      done: possible.includes('DONE'),
      targets: possible.filter((target) => !OWN_FORM.includes(target)),
      notOurs: notOurs(process, one.status) ?? null,
      author: session.author,
      signed: session.hasQuality,
    },
  };
};

async function perform(
  event: RequestEvent,
  asked: Pick<Wish, 'target' | 'message' | 'compose'>,
  form: FormData,
  from: string,
) {
  const { locals, params, url, cookies } = event;
  const state = readList(url.searchParams);
  const seen = String(form.get('depuis') ?? '');
  const session = sessionOf(locals);
  const typed = typedOf(form);
  const owner = session.agent.email;
  const goesOn = form.get('puis') === 'suivant';
  let outcome: Outcome;
  try {
    outcome = await act(session, params.dossier, { ...asked, seen, list: goesOn ? hubQuery(state) : null });
  } catch (error) {
    return failed(error, { owner, place: params.dossier, path: url.pathname }, { from, typed, errors: [] });
  }
  if (!outcome.done) {
    if ('conflict' in outcome) return fail(409, { from, errors: [], typed, conflict: outcome.conflict });
    // Forms of one decision have no field for the status: the fault is the whole form's.
    const field = from !== 'etat' && ['etat', 'message', 'qualite'].includes(outcome.field) ? from : outcome.field;
    return fail(422, { from, errors: [{ field, message: outcome.message }], typed });
  }
  await settleDraft(owner, params.dossier, from);
  const { number, status, next, decision, due } = outcome;
  const { label } = shownStatus(status);
  const query = listParams(state).toString();
  const tail = query ? `?${query}` : '';
  if (due !== null) {
    rememberUndo(cookies, { id: params.dossier, number, decision, status, due });
    await keepDecided(owner, params.dossier, decision, { from, typed, errors: [] }, secondsTo(due));
  }
  if (next === null) {
    if (due === null && form.get('puis') === 'telecharger')
      leaveNoticeWithFiles(cookies, actText.recordedAndTaken(label));
    else if (due === null) leaveNotice(cookies, actText.recorded(label));
    redirect(303, `/dossiers/${params.dossier}${tail}`);
  }
  if (typeof next === 'object') {
    if (due === null) leaveNotice(cookies, actText.recordedPrevious(number, label));
    redirect(303, `/dossiers/${next.id}${tail}`);
  }
  const why = next === 'none' ? actText.lastOne : actText.nextUnknown;
  leaveNotice(cookies, due === null ? `${actText.recorded(label)} ${why}` : why);
  redirect(303, `/dossiers${tail}`);
}

/** Back to the case, with a word of what was done. */
function back({ cookies, params, url }: RequestEvent, { text: said, refused }: Said): never {
  leaveNotice(cookies, said, refused);
  const query = listParams(readList(url.searchParams)).toString();
  redirect(303, `/dossiers/${params.dossier}${query ? `?${query}` : ''}`);
}

const text = (form: FormData, name: string): string =>
  String(form.get(name) ?? '')
    .replace(/\r\n/g, '\n')
    .trim();

export const actions: Actions = {
  ...talkActions,
  etat: async (event) => {
    const form = await event.request.formData();
    const target = text(form, 'etat');
    const message = text(form, 'message');
    if (!(target in actText.to)) {
      return fail(422, {
        from: 'etat',
        errors: [{ field: 'etat', message: actText.missingStatus }],
        typed: typedOf(form),
      });
    }
    return perform(event, { target: target as Target, message }, form, 'etat');
  },
  demander: async (event) => {
    const form = await event.request.formData();
    const pieces = form.getAll('pieces').map(String);
    const compose = (code: string) => requestOf(code, pieces, text(form, 'manque'));
    return perform(event, { target: 'ADD_AWAITING', message: '', compose }, form, 'demander');
  },
  refuser: async (event) => {
    const form = await event.request.formData();
    const compose = (code: string) => refusalOf(code, text(form, 'motif'), text(form, 'precisions'));
    return perform(event, { target: 'REFUSED', message: '', compose }, form, 'refuser');
  },
  renvoyer: async (event) => {
    const form = await event.request.formData();
    const more = text(form, 'precision');
    const target: Target = text(form, 'etat') === 'SI_INTG_ERROR' ? 'SI_INTG_ERROR' : 'REFUSED';
    const message = [actText.notOursReason, more].filter(Boolean).join('\n');
    return perform(event, { target, message }, form, 'renvoyer');
  },
  annuler: async (event) => {
    const form = await event.request.formData();
    const session = sessionOf(event.locals);
    const { dossier } = event.params;
    const decision = text(form, 'decision');
    const said = await undoDecision(session, dossier, decision);
    if (!said.refused) await bringBack(session.agent.email, dossier, decision);
    forgetUndo(event.cookies);
    back(event, said);
  },
  attribuer: async (event) => {
    const form = await event.request.formData();
    back(event, await assignCase(sessionOf(event.locals), event.params.dossier, text(form, 'agent'), text(form, 'de')));
  },
};
