/** How a colleague is called: by name once it is known. */
export const whoIs = (one: { givenName: string | null; familyName: string | null; email: string }): string =>
  [one.givenName, one.familyName].filter(Boolean).join(' ') || one.email;
