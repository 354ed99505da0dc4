import { redirect } from '@sveltejs/kit';
import { leaveNotice } from '#lib/server/auth/cookies.ts';
import { sessionOf } from '#lib/server/auth/required.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { type Notice, putNotices, readNotices } from '#lib/server/hub/account.ts';
import { processesOf } from '#lib/server/organisation/processes.ts';
import { noticeText } from '#lib/text/account.ts';
import type { Actions, PageServerLoad } from './$types';

/** Démarches of all of an agent's organisations that it is habilitated for. */
async function reachable(session: Session): Promise<{ code: string; name: string }[]> {
  const found = new Map<string, string>();
  for (const { key, processes } of session.places) {
    for (const { code, name } of await processesOf(await session.tokenFor(key))) {
      if (processes?.includes(code) ?? true) found.set(code, name);
    }
  }
  return Array.from(found, ([code, name]) => ({ code, name })).sort((a, b) => a.name.localeCompare(b.name, 'fr'));
}

export const load: PageServerLoad = async ({ locals }) => {
  const session = sessionOf(locals);
  const [processes, notices] = await Promise.all([reachable(session), readNotices(session.token)]);
  const chosen = new Map(notices.map(({ processCode, frequency }) => [processCode, frequency]));
  return {
    email: session.agent.email,
    processes: processes.map((one) => ({ ...one, frequency: chosen.get(one.code) ?? ('off' as const) })),
  };
};

export const actions: Actions = {
  default: async ({ request, locals, cookies }) => {
    const session = sessionOf(locals);
    const form = await request.formData();
    const notices: Notice[] = [];
    for (const { code } of await reachable(session)) {
      const frequency = form.get(`d-${code}`);
      if (frequency === 'each' || frequency === 'digest') notices.push({ processCode: code, frequency });
    }
    await putNotices(session.token, notices);
    leaveNotice(cookies, noticeText.saved(notices.length));
    redirect(303, '/compte/notifications');
  },
};
