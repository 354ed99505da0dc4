/**
 * What a hub's processes write: records, messages, commits of a journal, what Redis functions keep. The number stands in
 * the hub's description; a build reads some of them and writes the hub's own, so that two versions run side by side
 * (docs/upgrade.md). What a new number allows to be written is decided on with `decision.settings.format`.
 */
export type Format = number;

/** Of hubs made before formats had a number. */
export const FIRST_FORMAT: Format = 1;

/** What this build reads: it runs on hubs of these formats, and `./hub upgrade finalise` leads to the last one. */
export const FORMATS: { readonly min: Format; readonly max: Format } = { min: FIRST_FORMAT, max: 1 };
