/** Brought up to date by Kit's client, as lib/ui/hydrated.ts says. */
export const csr = true;
