import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MASTER_KEY_BYTES = 32;
/** Pairs of digits: Node would read a text up to its first wrong character, and work with a key cut short. */
const MASTER_KEY = /^(?:[0-9a-f]{2}){32,}$/i;

/**
 * The hub's key: as given, or kept in the data folder, where it is made once.
 * @param fault what is thrown when it is none
 */
export function masterKey(given: string, data: string, fault: (message: string) => Error): Buffer {
  if (given !== '') {
    if (MASTER_KEY.test(given)) return Buffer.from(given, 'hex');
    throw fault('HUB_MASTER_KEY must be 64 hexadecimal digits: make one with `openssl rand -hex 32`');
  }
  const file = join(data, 'master.key');
  if (!existsSync(file)) {
    try {
      writeFileSync(file, `${randomBytes(MASTER_KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  const kept = readFileSync(file, 'utf8').trim();
  if (MASTER_KEY.test(kept)) return Buffer.from(kept, 'hex');
  throw fault(`${file} holds no master key of 64 hexadecimal digits: put the right one back`);
}
