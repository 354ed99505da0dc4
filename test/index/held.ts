/** An index that is behind: another connection has its file, as a slow disk or a machine that is busy besides would. */
import { fileOf, indexFolder } from '#api/index/file.ts';
import { Database } from '#engine/sqlite.ts';

/** Nothing is written to the index meanwhile. @param data folder of the hub */
export async function holdIndex<T>(data: string, what: () => Promise<T>): Promise<T> {
  const file = new Database(fileOf(indexFolder(data)));
  file.exec('BEGIN IMMEDIATE');
  try {
    return await what();
  } finally {
    file.exec('ROLLBACK');
    file.close();
  }
}
