import { CHECKSUM_DIGITS, checksum } from '../checksum.ts';

/**
 * How every stored text begins: one character for the schema's version, then CRC-32 of the rest in 8 hexadecimal
 * digits. A flipped bit of an append-only file passes Redis' own checks and would be served (decision record 004).
 */
export const SCHEMA_VERSION = '1';

/** Characters before the text itself. */
export const SEAL_LENGTH = 1 + CHECKSUM_DIGITS;

/** A record whose text is not what was stored, or is not there although another record counts it. */
export class CorruptRecord extends Error {
  readonly record: string;
  /** @param what is wrong with its text */
  constructor(record: string, what = 'does not match its checksum') {
    super(`the stored text of record ${record} ${what}`);
    this.name = 'CorruptRecord';
    this.record = record;
  }
}

/** Of a record that another one counts. */
export const missing = (record: string): CorruptRecord => new CorruptRecord(record, 'is missing');

export const seal = (body: string): string => SCHEMA_VERSION + checksum(body) + body;

/** The text behind the seal. @throws CorruptRecord */
export function unseal(record: string, text: string): string {
  const body = text.slice(SEAL_LENGTH);
  if (text[0] !== SCHEMA_VERSION || text.slice(1, SEAL_LENGTH) !== checksum(body)) throw new CorruptRecord(record);
  return body;
}
