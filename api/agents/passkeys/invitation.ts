import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Seal } from '#engine/client/seal.ts';
import type { EnrolmentLink } from '#engine/domain/commands/agent.ts';
import { fromUuid, type Id, toUuid } from '#engine/domain/ids.ts';

/** With so much chance in it, a slow hash would protect nothing more. */
const SECRET_BYTES = 32;
const TEXT = /^([0-9a-f]{32})-([A-Za-z0-9_-]{43})$/;
/** Of an invitation that there is not: compared all the same. */
const NO_HASH = '-'.repeat(43);

const hashOf = (text: string): string => hash('sha256', `relais invitation ${text}`, 'base64url');

/** The secret of a link, sealed for its e-mail; the agent's record has its hash only. */
export function makeLink(master: Uint8Array, agent: Id): EnrolmentLink {
  const text = `${toUuid(agent).replaceAll('-', '')}-${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { hash: hashOf(text), sealed: Seal.ofLinks(master).seal(text) };
}

/** Whose link a text says to be, and what it is known by; undefined: it is none. */
export function readLink(text: string): { agent: Id; hash: string } | undefined {
  const [, digits] = TEXT.exec(text) ?? [];
  const agent = digits && fromUuid(digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
  return agent ? { agent, hash: hashOf(text) } : undefined;
}

/** Takes as long whether there is an invitation or not. */
export function isSame(found: string, stored: string | undefined): boolean {
  const other = Buffer.from(stored ?? NO_HASH);
  const mine = Buffer.from(found);
  return mine.length === other.length && timingSafeEqual(mine, other);
}
