import { ACR_LEVELS, type Acr } from '#engine/domain/acr.ts';
import type { AgentRole } from '#engine/domain/records/agent.ts';

/**
 * Which sign-in is good enough for whom: the one place that says it. Below `eidas1` the provider has an organisation by
 * its word only, so `eidas0` is never enough, whatever the factors (ProConnect's table of levels).
 */

/** What a provider said of a sign-in. */
export interface SignInLevel {
  acr: string | undefined;
  amr: readonly string[];
  /** set when the agent signed in by a passkey, without a provider */
  passkey?: string | undefined;
}

/** Who names colleagues, or holds an organisation's credentials, shows a second factor. */
const ROLE_ACR: Readonly<Record<AgentRole, Acr>> = {
  administrator: 'eidas1-mfa',
  delegate: 'eidas1-mfa',
  agent: 'eidas1',
};

/** Who sees the whole country. */
const NATIONAL_ACR: Acr = 'eidas2';

/** RFC 8176: several factors, of whatever kind. It raises `eidas1`, and nothing else: the levels above imply it. */
const SEVERAL_FACTORS = 'mfa';

/**
 * A passkey whose owner was verified by its authenticator is two factors: the device, and its code or its owner's finger. Who
 * the agent is, its organisation's administrator said. So it is worth as much only where the platform let that be enough.
 */
const PASSKEY_ACR: Acr = 'eidas1-mfa';

const rank = (acr: Acr): number => ACR_LEVELS.indexOf(acr);

/** The level shown; undefined: none that counts. @param passkeys whether the organisation is one that has them */
export function levelOf({ acr, amr, passkey }: SignInLevel, passkeys = false): Acr | undefined {
  if (passkey !== undefined) return passkeys ? PASSKEY_ACR : undefined;
  const said = ACR_LEVELS.find((level) => level === acr);
  return said === 'eidas1' && amr.includes(SEVERAL_FACTORS) ? 'eidas1-mfa' : said;
}

/** The lowest level for these roles. @param minimum of the hub (`HUB_OIDC_ACR`) */
export function neededFor(minimum: Acr, roles: readonly AgentRole[], national = false): Acr {
  const wanted = [minimum, ...roles.map((role) => ROLE_ACR[role]), ...(national ? [NATIONAL_ACR] : [])];
  return wanted.reduce((highest, one) => (rank(one) > rank(highest) ? one : highest));
}

/** Whether a sign-in is at that level or above. @param passkeys as above */
export function reaches(shown: SignInLevel, needed: Acr, passkeys = false): boolean {
  const level = levelOf(shown, passkeys);
  return level !== undefined && rank(level) >= rank(needed);
}
