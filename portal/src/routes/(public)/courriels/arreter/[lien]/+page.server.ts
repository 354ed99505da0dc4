import { fail } from '@sveltejs/kit';
import { leave } from '#lib/server/hub/account.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import type { Actions } from './$types';

/** Programs that look at e-mails open their links: nothing happens before the button, or a mail program's own POST (RFC 8058). */
export const actions: Actions = {
  default: async ({ params }) => {
    try {
      await leave(params.lien);
    } catch (error) {
      if (error instanceof HubProblem && [400, 410].includes(error.status)) return fail(410, { gone: true });
      throw error;
    }
    return { gone: false };
  },
};
