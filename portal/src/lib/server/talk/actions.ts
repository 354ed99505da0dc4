/** The forms of a case's page that say something: named in its actions. */

import { redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import { draftText } from '#lib/text/talk.ts';
import { attempt, type CaseEvent, formText } from './attempt.ts';
import { dropDraft } from './drafts.ts';
import { note, write } from './speak.ts';
import { useTemplate } from './templates.ts';

export const talkActions = {
  noter: async (event: CaseEvent) => {
    const form = await event.request.formData();
    return attempt(event, form, 'noter', () =>
      note(sessionOf(event.locals), event.params.dossier, formText(form, 'note')),
    );
  },
  ecrire: async (event: CaseEvent) => {
    const form = await event.request.formData();
    const letter = {
      text: formText(form, 'texte'),
      status: formText(form, 'suite'),
      seen: formText(form, 'depuis'),
    };
    return attempt(event, form, 'ecrire', () => write(sessionOf(event.locals), event.params.dossier, letter));
  },
  modele: (event: CaseEvent) => useTemplate(event),
  oublier: async ({ locals, params, cookies, url }: CaseEvent) => {
    await dropDraft(sessionOf(locals).agent.email, params.dossier);
    leaveNotice(cookies, draftText.dropped);
    redirect(303, url.pathname);
  },
};
