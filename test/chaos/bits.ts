import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { Random } from '../sim/random.ts';

const BITS = 8;

/** One bit of a file that is the other way round. */
export interface TurnedBit {
  /** of its byte */
  at: number;
  /** Turns it back. */
  mend(): void;
}

/** Turns one bit of a file over, in its first `size` bytes. */
export function flipBit(path: string, random: Random, size?: number): TurnedBit {
  const flip = (at: number, mask: number): void => {
    const file = openSync(path, 'r+');
    try {
      const byte = Buffer.alloc(1);
      readSync(file, byte, 0, 1, at);
      byte.writeUInt8(byte.readUInt8(0) ^ mask, 0);
      writeSync(file, byte, 0, 1, at);
    } finally {
      closeSync(file);
    }
  };
  const at = random.below(size ?? sizeOf(path));
  const mask = 1 << random.below(BITS);
  flip(at, mask);
  return { at, mend: () => flip(at, mask) };
}

function sizeOf(path: string): number {
  const file = openSync(path, 'r');
  try {
    return fstatSync(file).size;
  } finally {
    closeSync(file);
  }
}
