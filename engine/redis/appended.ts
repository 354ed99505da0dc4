import { type Client, masters } from './connect.ts';

/** A commit's line in a journal is not much longer than what Redis appends of it; what is read too much costs time only. */
const LINES_PER_BYTE = 2;

/**
 * Bytes of a journal that hold as many commits as the append-only files since their last rewriting, of the server that
 * has most: what was rewritten has a checksum of its own.
 */
export async function appendedBytes(client: Client): Promise<number> {
  const sizes = await Promise.all(
    masters(client).map(async (master) => {
      const info = await master.info('persistence');
      const sizeOf = (name: string): number => Number(new RegExp(`${name}:(\\d+)`).exec(info)?.[1] ?? 0);
      return sizeOf('aof_current_size') - sizeOf('aof_base_size');
    }),
  );
  return Math.max(0, ...sizes) * LINES_PER_BYTE;
}
