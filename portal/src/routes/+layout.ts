/**
 * Read without Kit's client, errors too: what of a page lives is mounted by islands.ts. The two that say otherwise have a `+page.ts`, and
 * are named in lib/ui/hydrated.ts.
 */
export const csr = false;
