/**
 * What a partition counts in all its life, by the names that `/metrics` shows. Redis keeps no checksum of them: a name that is not
 * here is one whose bits were turned over, or a later version's.
 */
export const FIGURES = [
  'agent.digests',
  'agent.invited',
  'agent.passkey-cloned',
  'agent.passkeys',
  'agent.told',
  'agent.withdrawn',
  'applied',
  'cases',
  'cases_held',
  'cases_released',
  'cases_removed',
  'cases_returned',
  'client.created',
  'client.revoked',
  'client.rotated',
  'dead',
  'decisions_undone',
  'decisions_unsent',
  'events',
  'files',
  'folders',
  'folders_removed',
  'notifications',
  'organization.created',
  'process.created',
  'subscription.activated',
  'subscription.created',
  'subscription.suspended',
] as const;

export type Figure = (typeof FIGURES)[number];

const known: ReadonlySet<string> = new Set(FIGURES);

export const isFigure = (name: string): name is Figure => known.has(name);
