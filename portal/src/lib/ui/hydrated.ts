/** Pages of agents that Kit's client brings up to date while something is under way: they have no islands. */
export const HYDRATED: readonly string[] = ['/(agent)/dossiers/lots/[lot]', '/(agent)/exports/[export]'];
