import { hash } from 'node:crypto';
import { type Id, parts } from '../ids.ts';
import { PARTITIONS, partitionOf } from '../placement.ts';

/**
 * An idempotency key of the native API: what was asked under it, and the folder reserved for it. It lives in the
 * partition of its hash, as one field of a hash of all keys of a week: a week of keys is forgotten in one command, and
 * a key costs no timer.
 */
export interface KeyState {
  /** SHA-256 of what was asked, first 16 bytes in base64url */
  digest: string;
  /** its time is when the key was first seen */
  folder: Id;
}

/** Weeks whose forgetting has its timer. */
export interface KeyBookState {
  /** the newest one; no key is put into an older one, even by a clock set back */
  armed: number;
}

const DAY_MS = 24 * 3_600_000;
/** How long a request may be repeated under its key, ms. */
export const KEY_LIFE_MS = 7 * DAY_MS;

/** Keys put in the same week of Unix time are forgotten together, when the youngest of them may be. */
export const weekOf = (ms: number): number => Math.floor(ms / KEY_LIFE_MS);
/** When the keys of a week are all past their life, ms. */
export const endOf = (week: number): number => (week + 2) * KEY_LIFE_MS;

/** Whether a key still stands for its folder. */
export const isAlive = ({ folder }: KeyState, now: number): boolean => now < parts(folder).ms + KEY_LIFE_MS;

/** Bytes of SHA-256 kept of keys and of what was asked: two alike by chance are not to be met in the hub's life. */
const HASH_BYTES = 16;
const short = (digest: Buffer): string => digest.toString('base64url', 0, HASH_BYTES);

/** Name of a client's key inside the hub: 22 characters, whatever the client wrote. No client id holds a NUL. */
export const keyHash = (client: string, key: string): string => short(hash('sha256', `${client}\0${key}`, 'buffer'));

/** What tells requests under one key apart. */
export const digestOf = (asked: string | Uint8Array): string => short(hash('sha256', asked, 'buffer'));

/**
 * Partitions that hold keys, evenly spaced so that engines and masters share them: few, because a turn costs the same
 * for one key as for many. Fixed for ever, as the number of partitions is.
 */
const KEY_HOMES = 8;

/** The partition that holds a key. */
export const homeOfKey = (hashed: string): number => (partitionOf(hashed) % KEY_HOMES) * (PARTITIONS / KEY_HOMES);
