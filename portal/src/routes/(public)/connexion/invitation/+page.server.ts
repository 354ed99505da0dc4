import { invitationOf } from '#lib/server/auth/invitation.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { lookAt } from '#lib/server/hub/passkeys.ts';
import { passkeyFaults } from '#lib/text/passkeys.ts';
import type { PageServerLoad } from './$types';

/** Refusals that are the invitation's or its agent's: anything else is this service's trouble. */
const REFUSALS = ['passkeys-off', 'agent-unknown', 'agent-suspended'] as const;

export const load: PageServerLoad = async ({ cookies }) => {
  const invitation = invitationOf(cookies);
  if (invitation === undefined) return { gone: '', guest: null };
  try {
    const { email, givenName, familyName, organizations } = await lookAt(invitation);
    const name = [givenName, familyName].filter(Boolean).join(' ');
    return { gone: '', guest: { email, name, places: organizations.map((one) => one.name) } };
  } catch (error) {
    if (!(error instanceof HubProblem)) throw error;
    const code = REFUSALS.find((one) => one === error.code);
    if (code === undefined && ![400, 410].includes(error.status)) throw error;
    return { gone: code === undefined ? '' : passkeyFaults[code], guest: null };
  }
};
