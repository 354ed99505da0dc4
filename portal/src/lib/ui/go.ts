/** Loads a page of the portal, at a place on it: no page has another in it. */
export const goTo = (path: string, to = ''): void => location.assign(path + to);
