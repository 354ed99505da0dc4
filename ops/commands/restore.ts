/**
 * `./hub restore --from=DIR`: puts a backup back where there is nothing, or only checks it.
 *
 * Exit codes: 0 done, 1 not possible or something is damaged, 2 wrong words or configuration.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { masterKey } from '#engine/master-key.ts';
import { backupsIn } from '#ops/backup/backup.ts';
import { keyName, MANIFEST, PARTS, type Part } from '#ops/backup/manifest.ts';
import { checkBackup, putKey, restore } from '#ops/backup/restore.ts';
import { openKey, passphraseIn } from '#ops/backup/seal.ts';
import { blobsOf } from '#ops/backup/settings.ts';
import { actsKey, verifyActs, writtenAfter } from '#ops/console/acts.ts';
import { options, say, WrongOption } from '#ops/life.ts';
import { once } from '#ops/once.ts';
import { usualData } from '#ops/services.ts';

const MB = 1024 * 1024;

/** A backup, or the newest of a folder of backups. */
async function backupOf(from: string): Promise<string> {
  if (existsSync(join(from, MANIFEST))) return from;
  const last = (await backupsIn(from)).at(-1);
  if (last === undefined) throw new WrongOption(`--from=${from}: there is no backup that was finished`);
  return join(from, last);
}

function partsOf(text: string | boolean | undefined): Set<Part> {
  const names = text === undefined ? [] : String(text).split(',');
  const wrong = names.find((name) => !PARTS.some((part) => part === name));
  if (wrong !== undefined) throw new WrongOption(`--keep=${wrong} is none of ${PARTS.join(', ')}`);
  return new Set(names as Part[]);
}

/** The key that goes with it, and whether the data folder lacks it. */
function keyFor(data: string, folder: string, passphrase: string | undefined): { key: Buffer; lacking: boolean } {
  const given = process.env['HUB_MASTER_KEY'] ?? '';
  const there = existsSync(join(data, 'master.key'));
  if (passphrase !== undefined && given === '' && !there) return { key: openKey(folder, passphrase), lacking: true };
  if (given === '' && !there)
    throw new WrongOption(
      `the master key is needed: give HUB_MASTER_KEY, put it in ${data}/master.key, or --passphrase=FILE if the backup has it`,
    );
  return { key: masterKey(given, data, (message) => new WrongOption(message)), lacking: false };
}

/** Who restores, what, into which folder; written down there when it is over, for before it may not exist. */
interface Restoration {
  data: string;
  key: Buffer;
  folder: string;
  began: Date;
}

function writeDown({ data, key, folder, began }: Restoration, state: 'done' | 'failed', note: string): void {
  try {
    // One that failed is told where there is a log already: a line alone would make the folder look like a hub's.
    if (state === 'failed' && !hasActs(data, key)) return;
    writtenAfter(data, key, { what: 'restore', on: folder, state, note }, began);
  } catch (error) {
    say(`this restoration is not in ./hub acts: ${(error as Error).message}`);
  }
}

/** Whether there are lines that this key wrote: another one's would look changed after ours. */
function hasActs(data: string, key: Buffer): boolean {
  const { acts, damaged } = verifyActs(data, actsKey(key));
  return acts > 0 && damaged === 0;
}

await once(async () => {
  const given = options(['from', 'data', 'keep', 'passphrase'], ['check']);
  if (given['from'] === undefined) throw new WrongOption('from where? ./hub restore --from=DIR');
  const folder = await backupOf(resolve(String(given['from'])));
  const data = resolve(String(given['data'] ?? usualData));
  const passphrase = given['passphrase'] === undefined ? undefined : passphraseIn(String(given['passphrase']));
  const { key, lacking } = keyFor(data, folder, passphrase);
  if (given['check'] === true) {
    const { entries, at } = await checkBackup(folder, key);
    console.log(`${folder}: ${entries.length} files of ${at} are as they were written`);
    return 0;
  }
  const kept = partsOf(given['keep']);
  const redisUrl = process.env['HUB_REDIS_URL'] ?? '';
  const restoration = { data, key, folder, began: new Date() };
  const target = { data, blobs: blobsOf(data), redisUrl, kept };
  const { manifest, parts, keys } = await restore(folder, target, key).catch((error: Error) => {
    writeDown(restoration, 'failed', error.message);
    throw error;
  });
  if (lacking) putKey(data, key);
  const survivors = kept.size === 0 ? '' : `; kept ${[...kept].join(', ')}`;
  writeDown(restoration, 'done', `what was answered before ${manifest.at}${survivors}`);
  console.log(`${folder}: what was answered before ${manifest.at}`);
  for (const [part, { files, bytes }] of parts)
    console.log(
      `${part.padEnd(8)} ${files} files, ${(bytes / MB).toFixed(1)} MB${part === 'redis' ? `, ${keys} keys` : ''}`,
    );
  for (const part of kept) console.log(`${part.padEnd(8)} kept as it was`);
  say(
    `checked against its list, master key ${keyName(key)}. Start the hub on ${data}: it does again what the journals have beyond`,
  );
  return 0;
});
