import { deepEqual, equal, ok } from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Country, populate } from '#test/chaos/country.ts';
import { History } from '#test/chaos/history.ts';
import { startLoad } from '#test/chaos/load.ts';
import { Site } from '#test/chaos/site.ts';
import { answers, destroy, hub, lost, type Said } from './hub.ts';

/** Requests answered before the first backup begins, so that there is something to lose. */
const SOME = 400;
const SEED = 1;
const PRIVATE = 0o077;

describe('a hub that is destroyed', () => {
  const history = new History();
  let [site, country, backups, passphrase]: [Site, Country, string, string] = [] as never;
  const save = (): Promise<Said> =>
    hub({ HUB_REDIS_URL: '' }, 'backup', `--data=${site.data}`, `--to=${backups}`, `--passphrase=${passphrase}`);
  const putBack = (from: string, ...more: string[]): Promise<Said> =>
    hub(
      { HUB_REDIS_URL: '' },
      'restore',
      `--data=${site.data}`,
      `--from=${from}`,
      `--passphrase=${passphrase}`,
      ...more,
    );
  const up = (): Promise<unknown> => Promise.all(site.members.map((member) => member.bringUp()));
  /** of the first backup, taken under load */
  let [first, began, ended] = ['', 0, 0];
  /** of all that could be read when the second was taken, at rest */
  let said: Record<string, unknown> = {};
  let second = '';

  before(async () => {
    site = await Site.open({ layout: 'kept' });
    backups = join(site.dir, 'backups');
    passphrase = join(site.dir, 'passphrase');
    writeFileSync(passphrase, 'six words that nobody else would choose\n');
    country = await populate(site);
    const load = startLoad(site.url, country, history, SEED);
    try {
      while (history.acknowledged < SOME) await new Promise((resolve) => setTimeout(resolve, 20));
      began = performance.now();
      const made = await save();
      ended = performance.now();
      equal(made.code, 0, made.err);
      first = made.out;
    } finally {
      await load.stop();
    }
    const again = await save();
    equal(again.code, 0, again.err);
    second = again.out;
    said = await answers(site, country, history);
  });
  after(() => site.close(false));

  it('was saved while it was used, for its user alone, with what the supervision reads', () => {
    ok(
      history.entries.some(({ sent, done }) => sent > began && done < ended),
      'nothing was asked meanwhile',
    );
    const { at, bytes, seconds } = JSON.parse(readFileSync(join(site.data, 'backup.json'), 'utf8'));
    ok(Date.parse(at) > 0 && bytes > 0 && seconds > 0);
    for (const folder of [first, second])
      for (const path of readdirSync(folder, { recursive: true }))
        equal(statSync(join(folder, String(path))).mode & PRIVATE, 0, String(path));
  });

  it('was saved the second time by links to what had not changed', () => {
    const linked = readdirSync(second, { recursive: true }).filter((path) => {
      const found = statSync(join(second, String(path)));
      return found.isFile() && found.nlink > 1;
    });
    ok(
      linked.some((path) => String(path).includes('blobs/')),
      String(linked),
    );
  });

  it('answers the same when it was restored from a backup at rest', async () => {
    await destroy(site);
    const done = await putBack(second);
    equal(done.code, 0, done.err);
    await up();
    deepEqual(await answers(site, country, history), said);
  });

  it('has all that was answered before a backup under load began', async () => {
    await destroy(site);
    const done = await putBack(first);
    equal(done.code, 0, done.err);
    await up();
    deepEqual(await lost(site, country, history, began, ended), []);
  });

  it('has all that was ever answered when its journals and attachments survived', async () => {
    // What the second restoration made its own is taken away again: journals and files are those of the whole run.
    await destroy(site);
    equal((await putBack(second)).code, 0);
    await destroy(site, 'journal', 'blobs', 'master.key');
    const done = await putBack(first, '--keep=journal,blobs');
    equal(done.code, 0, done.err);
    await up();
    deepEqual(await answers(site, country, history), said);
  });
});
