/** Which pages are for signed-in agents: those of the group, by the folder they lie in. Deny by default. */
const AGENTS = '/(agent)';
/** Pages for everybody that show who is signed in. */
const OPEN = '/(public)';

export const guard = {
  needsSession: (route: string | null): boolean => route?.startsWith(AGENTS) ?? false,
  readsSession: (route: string | null): boolean => route === null || route.startsWith(OPEN),
};
