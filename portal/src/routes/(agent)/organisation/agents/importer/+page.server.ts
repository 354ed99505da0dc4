import { fail } from '@sveltejs/kit';
import { sessionOf } from '#lib/server/auth/required.ts';
import { listStaff } from '#lib/server/hub/staff.ts';
import { inviteAll, MOST_BYTES, type Office, readLines, shown, textOf } from '#lib/server/organisation/importing.ts';
import { administered, type Own } from '#lib/server/organisation/place.ts';
import { processesOf } from '#lib/server/organisation/processes.ts';
import { importText } from '#lib/text/importing.ts';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  const own = await administered(sessionOf(locals));
  return { name: own.name, passkeys: own.passkeys, processes: await processesOf(own.token) };
};

async function officeOf(own: Own): Promise<Office> {
  const [staff, processes] = await Promise.all([listStaff(own.token), processesOf(own.token)]);
  return { staff, known: processes.map(({ code }) => code), passkeys: own.passkeys };
}

const wrong = (message: string) =>
  fail(422, { errors: [{ field: 'fichier', message }], lines: null, text: '', sent: 0 });

export const actions: Actions = {
  verifier: async ({ request, locals }) => {
    const own = await administered(sessionOf(locals));
    const file = (await request.formData()).get('fichier');
    if (!(file instanceof File) || file.size === 0) return wrong(importText.missingFile);
    if (file.size > MOST_BYTES) return wrong(importText.tooLarge);
    const text = textOf(new Uint8Array(await file.arrayBuffer()));
    const lines = readLines(text, await officeOf(own));
    return typeof lines === 'string' ? wrong(lines) : { errors: [], lines: shown(lines), text, sent: 0 };
  },
  /** What was checked comes back whole: it is read again, for colleagues may have come meanwhile. */
  envoyer: async ({ request, locals }) => {
    const own = await administered(sessionOf(locals));
    const text = String((await request.formData()).get('texte') ?? '');
    if (text.length > MOST_BYTES) return wrong(importText.tooLarge);
    const lines = readLines(text, await officeOf(own));
    if (typeof lines === 'string') return wrong(lines);
    const done = await inviteAll(own.token, lines);
    const sent = done.filter(({ state }) => state === 'invited').length;
    return { errors: [], lines: shown(done), text: '', sent };
  },
};
