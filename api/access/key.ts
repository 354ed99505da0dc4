import type { KeyObject } from 'node:crypto';
import { deriveKey } from '#engine/client/keys.ts';

/** What the chains of the log are made with. */
export const accessKey = (master: Uint8Array): KeyObject => deriveKey(master, 'access log');
