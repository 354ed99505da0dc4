import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MANIFEST, readManifest, writeManifest } from '#ops/backup/manifest.ts';
import { openKey } from '#ops/backup/seal.ts';
import { type Country, populate } from '#test/chaos/country.ts';
import { History } from '#test/chaos/history.ts';
import { startLoad } from '#test/chaos/load.ts';
import { Site } from '#test/chaos/site.ts';
import { destroy, hub, lost, type Said } from './hub.ts';

/** `./hub test backup` does more of it, for minutes: here one backup under load, and one restoration. */
const SOME = 60;
const SEED = 2;
const PASSPHRASE = 'six words that nobody else would choose';

describe('a hub that is destroyed', () => {
  const history = new History();
  let [site, country, backups, passphrase, made, began, ended]: [Site, Country, string, string, Said, number, number] =
    [] as never;
  const acts = (data = site.data): Promise<Said> => hub({}, 'acts', `--data=${data}`);
  /** how many lines are right; 0: one is not */
  const linesOf = async (data: string): Promise<number> => {
    const { code, err } = await hub({}, 'acts', '--verify', `--data=${data}`);
    return code === 0 ? Number(/(\d+) lines, all as they were written/.exec(err)?.[1]) : 0;
  };
  const putBack = (data: string, from = backups): Promise<Said> =>
    hub({ HUB_REDIS_URL: '' }, 'restore', `--data=${data}`, `--from=${from}`, `--passphrase=${passphrase}`);

  before(async () => {
    site = await Site.open({ layout: 'kept' });
    [backups, passphrase] = [join(site.dir, 'backups'), join(site.dir, 'passphrase')];
    writeFileSync(passphrase, `${PASSPHRASE}\n`);
    country = await populate(site);
    const parked = await hub({ HUB_REDIS_URL: '' }, 'dead', 'park', '3-nobody', `--data=${site.data}`);
    equal(parked.code, 0, parked.err);
    const load = startLoad(site.url, country, history, SEED);
    try {
      while (history.acknowledged < SOME) await new Promise((resolve) => setTimeout(resolve, 20));
      began = performance.now();
      made = await hub(
        { HUB_REDIS_URL: '' },
        'backup',
        `--data=${site.data}`,
        `--to=${backups}`,
        `--passphrase=${passphrase}`,
      );
      ended = performance.now();
    } finally {
      await load.stop();
    }
  });
  after(() => site.close(false));

  it('was saved while it was used', () => {
    equal(made.code, 0, made.err);
    ok(
      history.entries.some(({ sent, done }) => sent > began && done < ended),
      'nothing was asked meanwhile',
    );
  });

  it('has it written down', async () => {
    const { out } = await acts();
    match(out, /\tbackup \S+backups\tdone: [\dTZ.-]+: \d+ files, [\d.]+ MB, the master key inside$/);
  });

  it('is back with all that was answered before the backup began', async () => {
    await destroy(site);
    const done = await putBack(site.data);
    equal(done.code, 0, done.err);
    match(done.out, /redis +1 files, .* keys/);
    const { out } = await acts();
    match(out, /\tdead park 3-nobody\tdone\n.*\tbackup \S+\tno end: cut short, may have been done\n/);
    match(out, /\trestore \S+Z\tdone: what was answered before [\dTZ:.-]+$/);
    equal(await linesOf(site.data), 'dead dead backup restore restore'.split(' ').length);
    await Promise.all(site.members.map((member) => member.bringUp()));
    deepEqual(await lost(site, country, history, began, ended), []);
  });

  it('is not written over', async () => {
    const refused = await putBack(site.data);
    equal(refused.code, 1);
    match(refused.err, /nothing was restored, for there is something already/);
    match((await acts()).out, /\trestore \S+Z\tfailed: nothing was restored, for there is something already/);
    ok((await linesOf(site.data)) > 0);
  });

  it('is restored from what the version before copied, without acts', async () => {
    const [old, data, key] = [join(site.dir, 'old'), join(site.dir, 'before'), openKey(made.out, PASSPHRASE)];
    cpSync(made.out, old, { recursive: true });
    const { entries, ...head } = await readManifest(old, key);
    rmSync(join(old, 'audit'), { recursive: true });
    rmSync(join(old, MANIFEST));
    const known = entries.filter(({ part }) => part !== 'audit');
    equal(known.length, entries.length - 1);
    await writeManifest(old, { ...head, format: 1, entries: known }, key);
    const done = await putBack(data, old);
    equal(done.code, 0, done.err);
    match((await acts(data)).out, /^\S+\t\S+\trestore \S+\tdone: what was answered before [\dTZ:.-]+$/);
    equal(await linesOf(data), 2);
  });

  it('is not restored from a backup with a wrong bit', async () => {
    const data = join(site.dir, 'elsewhere');
    const [pack] = readdirSync(join(made.out, 'blobs'), { recursive: true })
      .map((path) => join(made.out, 'blobs', String(path)))
      .filter((path) => /\/p[^/]+$/.test(path)) as [string];
    const bytes = readFileSync(pack);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(pack, bytes);
    mkdirSync(data);
    const refused = await putBack(data);
    equal(refused.code, 1);
    match(refused.err, /1 files of .* are damaged: blobs\/.*another content/);
    deepEqual(readdirSync(data), []);
  });
});
