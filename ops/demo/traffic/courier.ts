import type { Client } from '../client.ts';
import type { Folder } from '../wire.ts';
import type { Deposit } from './deposit.ts';
import type { Filing } from './filing.ts';
import type { Tally } from './tally.ts';

/** Deposits a folder as a sender does: the description, each file, then `HUBEE_COMPLETED` (contract section 6). */
export async function carry(client: Client, { folder, files }: Deposit, filing: Filing, tally: Tally): Promise<Folder> {
  const created = await client.postFolder(folder);
  for (const [index, file] of files.entries()) {
    const attachment = created.attachments[index];
    if (!attachment) throw new Error(`folder ${created.id} lacks attachment ${index}`);
    await client.putFolderFile(created.id, attachment.id, file);
  }
  filing.open(created);
  await client.patchFolder(created.id, 'HUBEE_COMPLETED');
  tally.deposited++;
  tally.cases += created.cases.length;
  return created;
}
