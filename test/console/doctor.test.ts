import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { loadConfig } from '#engine/config.ts';
import { examineBackup } from '#ops/doctor/backup.ts';
import { examineTls } from '#ops/doctor/certificates.ts';
import { examineClock } from '#ops/doctor/clock.ts';
import { syncTimes } from '#ops/doctor/disk.ts';
import type { Finding } from '#ops/doctor/finding.ts';
import { examineFolders } from '#ops/doctor/folders.ts';
import { examineMachine } from '#ops/doctor/machine.ts';
import { examineMail, examinePorts, examineProvider } from '#ops/doctor/network.ts';
import { examineSettings } from '#ops/doctor/settings.ts';
import { node } from '#ops/doctor/versions.ts';
import { startRedis } from '#ops/redis/server.ts';
import { hasOpenssl, Pki } from '#test/security/pki.ts';
import { command } from './command.ts';

const scratch = mkdtempSync(join(tmpdir(), 'relais doctor '));
after(() => rmSync(scratch, { recursive: true }));

const NOW = Date.parse('2026-11-26T12:00:00Z');
const HOUR = 3_600_000;
const states = (findings: readonly Finding[]): string[] => findings.map(({ state }) => state);
const wrong = (findings: readonly Finding[]): string[] =>
  findings.filter(({ state }) => state !== 'ok').map(({ state, what }) => `${state}: ${what}`);
const config = (env: Record<string, string>) =>
  loadConfig({ HUB_REDIS_URL: 'redis://127.0.0.1:1', ...env }, { role: 'all', data: join(scratch, 'config') });

describe('./hub doctor', () => {
  it('makes nothing where no hub ran, and says so', async () => {
    const data = join(scratch, 'nothing');
    const { status, out } = await command('doctor', [`--data=${data}`, '--json']);
    equal(existsSync(data), false);
    const { faults, findings } = JSON.parse(out) as { faults: number; findings: Finding[] };
    const of = (topic: string): string[] => findings.filter((one) => one.topic === topic).map(({ what }) => what);
    ok(
      of('configuration').some((what) => what.includes('there is no data folder')),
      out,
    );
    ok(
      of('redis').some((what) => what.includes('no Redis has run')),
      out,
    );
    deepEqual(
      ['disk', 'versions', 'backup', 'ports', 'machine', 'clock'].filter((topic) => of(topic).length === 0),
      [],
    );
    equal(status, faults === 0 ? 0 : 1);
    ok(
      findings.every(({ state, todo }) => (state === 'ok') === (todo === '')),
      'each says what to do',
    );
  });

  it('finds a Redis that breaks the promise, and another hub’s', async () => {
    const redis = await startRedis({ dir: join(scratch, 'redis'), extra: { appendfsync: 'everysec', maxmemory: '0' } });
    const env = { HUB_REDIS_URL: redis.url, HUB_MASTER_KEY: 'ab'.repeat(32) };
    const { status, out, said } = await command('doctor', [`--data=${join(scratch, 'other')}`], env);
    await redis.stop();
    equal(status, 1, said);
    match(out, /FAULT +redis +appendfsync is “everysec”: set it to “always”\n +→ /);
    match(out, /attention +redis +127\.0\.0\.1:\d+ has no maxmemory/);
    match(out, /attention +redis +it holds no hub yet/);
    match(said, /\d+ faults, \d+ to look at, \d+ right/);
  });

  it('says in one line that Redis is away, without its password', async () => {
    const env = { HUB_REDIS_URL: 'redis://user:sesame@127.0.0.1:1/', HUB_MASTER_KEY: 'ab'.repeat(32) };
    const { status, out } = await command('doctor', [`--data=${join(scratch, 'away')}`], env);
    equal(status, 1);
    match(out, /FAULT +redis +no Redis answers at redis:\/\/127\.0\.0\.1:1\//);
    ok(!out.includes('sesame'));
  });
});

describe('what the doctor looks at', () => {
  it('settings: what a start would refuse, what is misspelt, what is for tests', () => {
    const data = join(scratch, 'settings');
    mkdirSync(data);
    const look = (env: Record<string, string>): string[] => wrong(examineSettings(env, data, '').findings);
    ok(look({ HUB_TOKEN_SECONDS: 'long' }).some((one) => one.startsWith('fault: HUB_TOKEN_SECONDS must be')));
    ok(look({ HUB_PROT: '80' }).includes('attention: HUB_PROT is no variable of Relais'));
    ok(look({ HUB_WEBHOOK_PRIVATE: 'yes' }).some((one) => one.startsWith('attention: HUB_WEBHOOK_PRIVATE')));
    ok(look({ HUB_PORTAL_CLIENT_ID: 'x' }).some((one) => one.startsWith('fault: the portal lacks')));
    deepEqual(readdirSync(data), [], 'no key is made');
  });

  it('permissions', () => {
    const data = join(scratch, 'permissions');
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(join(data, 'master.key'), '', { mode: 0o600 });
    deepEqual(wrong(examineFolders(data, [])), []);
    chmodSync(join(data, 'master.key'), 0o644);
    deepEqual(wrong(examineFolders(data, [])), [`fault: ${join(data, 'master.key')} is open to others (644)`]);
    chmodSync(data, 0o755);
    equal(wrong(examineFolders(data, [])).length, 2);
  });

  it('acts that the hub’s own user cannot read', {
    skip: process.getuid?.() !== 0 && 'only root gives files away',
  }, () => {
    const data = join(scratch, 'acts');
    mkdirSync(join(data, 'audit'), { recursive: true, mode: 0o700 });
    writeFileSync(join(data, 'audit/operations.jsonl'), '', { mode: 0o600 });
    deepEqual(wrong(examineFolders(data, [])), []);
    chownSync(join(data, 'audit/operations.jsonl'), 61_001, 61_001);
    deepEqual(wrong(examineFolders(data, [])), [
      `attention: what operators did is another user’s (61001) than ${data}: backups cannot copy it`,
    ]);
  });

  it('backups, by age', () => {
    const data = join(scratch, 'backup');
    mkdirSync(data);
    equal(examineBackup(data, NOW).state, 'attention');
    const after_ = (hours: number): string => {
      writeFileSync(
        join(data, 'backup.json'),
        JSON.stringify({ at: new Date(NOW - hours * HOUR).toISOString(), bytes: 9 }),
      );
      return examineBackup(data, NOW).state;
    };
    deepEqual([1, 25, 27, 60].map(after_), ['ok', 'ok', 'attention', 'fault']);
    writeFileSync(join(data, 'backup.json'), '{}');
    equal(examineBackup(data, NOW).state, 'fault');
  });

  it('clocks, by who keeps them', () => {
    const look = (chrony: string, systemd: string): string =>
      examineClock((name) => (name === 'chronyc' ? chrony : systemd)).state;
    deepEqual(
      [
        look('Leap status     : Normal\n', ''),
        look('', 'yes\n'),
        look('', 'no\n'),
        look('Leap status     : Not synchronised\n', ''),
        look('', ''),
      ],
      ['ok', 'ok', 'attention', 'attention', 'attention'],
    );
  });

  it('the kernel’s settings', () => {
    const well: Record<string, string> = {
      '/proc/7/limits': 'Max open files            65536                65536                files\n',
      '/proc/sys/vm/overcommit_memory': '1\n',
      '/sys/kernel/mm/transparent_hugepage/enabled': 'always [madvise] never\n',
      '/proc/sys/net/core/somaxconn': '4096\n',
      '/proc/meminfo': 'MemAvailable:   999999999 kB\n',
    };
    const look = (change: Record<string, string>) =>
      wrong(examineMachine([{ pid: 7, role: 'all', url: '', since: '' }], (path) => ({ ...well, ...change })[path]));
    deepEqual(look({}), []);
    match(
      look({ '/proc/7/limits': 'Max open files            1024                 4096                 files\n' })[0] ??
        '',
      /^fault: process 7 may open 1024/,
    );
    match(look({ '/proc/sys/vm/overcommit_memory': '0\n' })[0] ?? '', /^attention: vm\.overcommit_memory is 0/);
    match(
      look({ '/sys/kernel/mm/transparent_hugepage/enabled': '[always] madvise never\n' })[0] ?? '',
      /^attention: transparent/,
    );
  });

  it('versions of Node', () => {
    deepEqual(
      ['22.18.0', '22.17.9', '24.1.0'].map((version) => node(version).state),
      ['ok', 'fault', 'fault'],
    );
  });

  it('how long a synced write takes, and leaves nothing behind', () => {
    const folder = mkdtempSync(join(scratch, 'sync-'));
    const times = syncTimes(folder);
    ok(times.length > 10 && times.every((ms, index) => ms > 0 && ms >= (times[index - 1] ?? 0)));
    deepEqual(readdirSync(folder), []);
  });

  it('ports, the mail server and the agents’ provider', async () => {
    const server = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('220 mail.test ESMTP\r\n'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const mail = (url: string) => examineMail(config({ HUB_SMTP_URL: url }));
    deepEqual(states(await mail(`smtp://127.0.0.1:${port}`)), ['ok']);
    deepEqual(wrong(await examinePorts(config({ HUB_PORT: String(port) }), [])), [
      `fault: 127.0.0.1:${port} is another program’s`,
    ]);
    const provider = () =>
      examineProvider(config({ HUB_OIDC_ISSUER: `http://127.0.0.1:${port}`, HUB_OIDC_CLIENT_ID: 'x' }));
    deepEqual(states(await provider()), ['fault'], 'a mail server is no provider');
    await new Promise((resolve) => server.close(resolve));
    deepEqual(states(await mail(`smtp://127.0.0.1:${port}`)), ['fault']);
    deepEqual(states(await examinePorts(config({ HUB_PORT: String(port) }), [])), ['ok']);
    deepEqual(states(await provider()), ['fault']);
    deepEqual(await examineProvider(config({})), []);
  });
});

describe('certificates', { skip: hasOpenssl() ? false : 'no openssl here' }, () => {
  it('by their end, their key and their chain', () => {
    const pki = new Pki();
    try {
      const tls = (cert: string, key = `${cert}.key`) =>
        ({ cert: pki.path(`${cert}.pem`), key: pki.path(key), ca: '', clients: 'any' }) as const;
      pki.issue('long', 'ca', 'serverAuth', 400);
      // a certificate is valid from the second it was made in
      const now = Date.now();
      const look = (found: ReturnType<typeof tls>, at = now): string[] => wrong(examineTls(found, at));
      deepEqual(look(tls('long')), [`attention: ${pki.path('long.pem')} holds no intermediate certificate`]);
      writeFileSync(pki.path('chain.pem'), Buffer.concat([pki.pem('long.pem'), pki.pem('ca.pem')]));
      // the authority of these tests ends in two days
      match(look(tls('chain', 'long.key'))[0] ?? '', /^fault: ca .* ends in [12] days$/);
      match(look(tls('server'), now + 9 * 24 * HOUR)[0] ?? '', /^fault: server .* ends [678] days ago$/);
      match(look(tls('long', 'server.key')).at(-1) ?? '', /^fault: .*server\.key is not the key of .*long\.pem$/);
      writeFileSync(pki.path('mixed.pem'), Buffer.concat([pki.pem('long.pem'), pki.pem('stranger-ca.pem')]));
      ok(look(tls('mixed', 'long.key')).some((one) => one.includes('certificate 1 is not issued by the next')));
      match(look(tls('absent'))[0] ?? '', /^fault: ENOENT/);
    } finally {
      pki.remove();
    }
  });
});
