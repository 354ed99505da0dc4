import { crc32 } from 'node:zlib';

/** Digits of a checksum as text. */
export const CHECKSUM_DIGITS = 8;

const HALF = 0x1_0000;
const HALF_BITS = 16;
const HEX = 16;
/** Numbers above 2³¹ take the slow way to hexadecimal: two table look-ups instead, on every record and message. */
const halves = Array.from({ length: HALF }, (_, half) => half.toString(HEX).padStart(CHECKSUM_DIGITS / 2, '0'));

/** CRC-32 of a text's UTF-8 bytes, 8 hexadecimal digits (decision record 004). */
export function checksum(text: string): string {
  const crc = crc32(text);
  return (halves[crc >>> HALF_BITS] as string) + (halves[crc & (HALF - 1)] as string);
}
