/**
 * Headers that keep a browser from making anything of an answer but data. Software of partners ignores them; a person
 * who opens a file or an error in a browser is who they are for.
 */
type Headers = readonly (readonly [name: string, value: string])[];

/** On every answer: it is what its type says. */
export const DEFENCES: Headers = [['X-Content-Type-Options', 'nosniff']];

/** On files and errors, which may hold what a stranger wrote: nothing in them runs, loads, or is framed. */
export const INERT: Headers = [['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'; sandbox"]];

/** Answers name persons: nobody keeps a copy on the way, unless the route says otherwise. */
export const CACHING = 'Cache-Control';
export const NO_STORE = 'no-store';
