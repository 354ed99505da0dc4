import type { KeyObject } from 'node:crypto';
import { deriveKey } from '#api/auth/keys.ts';

/** What the chains of the log are made with. */
export const accessKey = (master: Uint8Array): KeyObject => deriveKey(master, 'access log');
