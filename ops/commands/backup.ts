/**
 * `./hub backup --to=DIR`: a backup of a hub, which may run and be used meanwhile.
 *
 * Exit codes: 0 done, 1 not possible, 2 wrong words or configuration.
 */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { backUp, type Made } from '#ops/backup/backup.ts';
import { passphraseIn } from '#ops/backup/seal.ts';
import { settingsOf } from '#ops/backup/settings.ts';
import { audited } from '#ops/console/acts.ts';
import { options, say, WrongOption } from '#ops/life.ts';
import { once } from '#ops/once.ts';
import { usualData } from '#ops/services.ts';

const MB = 1024 * 1024;

const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`;

function copiesOf(text: string | boolean | undefined): number | undefined {
  if (text === undefined) return undefined;
  const copies = Number(text);
  if (Number.isInteger(copies) && copies > 0) return copies;
  throw new WrongOption(`--copies=${text} must be a whole number from 1`);
}

function tell(made: Made, keyInside: boolean): void {
  console.log(made.folder);
  say(
    `${made.files} files, ${megabytes(made.bytes)}, of which ${megabytes(made.written)} were written and the others linked ` +
      `to the backup before, in ${made.seconds.toFixed(1)} s: all that was answered before ${made.at} is inside`,
  );
  if (!made.journals)
    say(
      'without journals, for this data folder does not have those of all engines: the state is the one of Redis’ snapshot',
    );
  if (!keyInside)
    say('the master key is not inside: keep a copy of it elsewhere, without it nobody can restore this backup');
  for (const name of made.removed) say(`removed ${name}`);
}

await once(async () => {
  const given = options(['to', 'data', 'passphrase', 'copies']);
  if (given['to'] === undefined) throw new WrongOption('where to? ./hub backup --to=DIR');
  const data = resolve(String(given['data'] ?? usualData));
  if (!existsSync(data)) throw new WrongOption(`--data=${data}: there is no such folder`);
  const passphrase = given['passphrase'] === undefined ? undefined : passphraseIn(String(given['passphrase']));
  const settings = settingsOf(data);
  const copies = copiesOf(given['copies']);
  const to = resolve(String(given['to']));
  await audited(
    data,
    settings.masterKey,
    { what: 'backup', on: to },
    async () => {
      const made = await backUp({ ...settings, to, passphrase, copies });
      tell(made, passphrase !== undefined);
      const key = passphrase === undefined ? '' : ', the master key inside';
      return { state: 'done', note: `${basename(made.folder)}: ${made.files} files, ${megabytes(made.bytes)}${key}` };
    },
    // The copy counts more than its line, on a disk that is nearly full most of all.
    (error) => say(`this backup is not in ./hub acts: ${error.message}`),
  );
  return 0;
});
