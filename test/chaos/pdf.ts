import { createHash } from 'node:crypto';
import type { Random } from '../sim/random.ts';

/** Files of a run's folders: small ones share packs, which is where most of them lie. Bytes. */
const LEAST_BYTES = 200;
const MORE_BYTES = 20_000;
const OPENING = '%PDF-1.4\n';
const ENDING = '%%EOF\n';

export function makePdf(random: Random): Buffer {
  const file = Buffer.alloc(LEAST_BYTES + random.below(MORE_BYTES));
  random.fill(file, 0, file.length);
  file.write(OPENING, 0);
  file.write(ENDING, file.length - ENDING.length);
  return file;
}

/** Hexadecimal. */
export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
