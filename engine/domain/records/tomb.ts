/**
 * What stays of a folder that was removed before its idempotency key is forgotten: that it was there. Without it a
 * repeated deposit would make it again.
 */
export type TombState = Readonly<Record<string, never>>;
