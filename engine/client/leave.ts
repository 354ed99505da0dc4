import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { fromUuid, type Id, toUuid } from '../domain/ids.ts';
import { deriveKey } from './keys.ts';

const DAY_MS = 86_400_000;
/** An e-mail that is read after a summer still stops the next ones; one found years later does nothing. Days */
const GOOD_DAYS = 180;
const MAC_BYTES = 16;
/** Id of an agent, day it was written on, seal. */
const TEXT = /^([0-9a-f]{32})-([0-9]{1,6})-([A-Za-z0-9_-]{22})$/;
const UUID = /^(.{8})(.{4})(.{4})(.{4})/;

/**
 * Links by which who reads an e-mail stops those that come again, without a session (RFC 8058). They say themselves for whom and
 * since when, and are ours by their seal: nothing is stored. They open nothing else, and tell nothing of anybody.
 */
export class LeaveLinks {
  readonly #key: KeyObject;

  constructor(master: Uint8Array) {
    this.#key = deriveKey(master, 'leaving e-mails');
  }

  /** @param now ms */
  make(agent: Id, now: number): string {
    const body = `${toUuid(agent).replaceAll('-', '')}-${Math.floor(now / DAY_MS)}`;
    return `${body}-${this.#mac(body).toString('base64url')}`;
  }

  /** Whose e-mails it stops; undefined: not one of ours, or no longer good. */
  read(text: string, now: number): Id | undefined {
    const [, digits = '', day = '', seal = ''] = TEXT.exec(text) ?? [];
    const mac = Buffer.from(seal, 'base64url');
    if (mac.length !== MAC_BYTES || !timingSafeEqual(mac, this.#mac(`${digits}-${day}`))) return undefined;
    const days = Math.floor(now / DAY_MS) - Number(day);
    return days < 0 || days > GOOD_DAYS ? undefined : fromUuid(digits.replace(UUID, '$1-$2-$3-$4-'));
  }

  #mac(body: string): Buffer {
    return createHmac('sha256', this.#key).update(body).digest().subarray(0, MAC_BYTES);
  }
}
