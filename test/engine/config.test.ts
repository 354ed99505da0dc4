import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { ConfigError, loadConfig } from '#engine/config.ts';
import { portalConfig } from '#engine/portal-config.ts';

const data = mkdtempSync(join(tmpdir(), 'relais-config-'));
after(() => rmSync(data, { recursive: true }));

const load = (env: Record<string, string>) => loadConfig({ HUB_REDIS_URL: 'redis://h', ...env }, { role: 'api', data });
const SECRET = 'x'.repeat(24);

describe('the configuration', () => {
  const wrong: [env: Record<string, string>, words: RegExp][] = [
    [{ HUB_LOG_LEVEL: 'zzz' }, /HUB_LOG_LEVEL must be one of trace, .* it is “zzz”/],
    [
      { HUB_ADMIN_CLIENT_ID: 'a:b', HUB_ADMIN_CLIENT_SECRET: SECRET },
      /HUB_ADMIN_CLIENT_ID must be .* without space or colon/,
    ],
    [{ HUB_ADMIN_CLIENT_ID: 'é', HUB_ADMIN_CLIENT_SECRET: SECRET }, /HUB_ADMIN_CLIENT_ID/],
    [{ HUB_SMTP_URL: 'mail.test:25' }, /HUB_SMTP_URL must be an address that begins with smtp:\/\/ or smtps:\/\//],
    [{ HUB_SMTP_URL: 'smtp://' }, /HUB_SMTP_URL/],
    [{ HUB_PUBLIC_URL: 'hub.test' }, /HUB_PUBLIC_URL must be an address that begins with http:\/\//],
    [{ HUB_REDIS_URL: '127.0.0.1:6380' }, /HUB_REDIS_URL must be an address that begins with redis:\/\//],
    [{ HUB_REDIS_URL: 'cluster:redis://a,b' }, /HUB_REDIS_URL/],
    [{ HUB_OIDC_ACR: 'eidas0' }, /HUB_OIDC_ACR must be one of eidas1, /],
    [{ HUB_OIDC_ISSUER: 'https://op.test' }, /HUB_OIDC_ISSUER and HUB_OIDC_CLIENT_ID go together/],
    [{ HUB_OIDC_ISSUER: 'http://op.test', HUB_OIDC_CLIENT_ID: 'p' }, /must begin with https:/],
    [{ HUB_SUSPEND_DAYS: 'never' }, /HUB_SUSPEND_DAYS must be a whole number/],
  ];
  for (const [env, words] of wrong) {
    it(`is refused with ${JSON.stringify(env)}`, () => {
      assert.throws(
        () => load(env),
        (error) => error instanceof ConfigError && words.test(error.message),
      );
    });
  }

  it('never repeats an address, which may hold a password', () => {
    assert.throws(
      () => load({ HUB_SMTP_URL: 'http://u:sesame@mail.test' }),
      (error: Error) => !/sesame/.test(error.message),
    );
  });

  it('takes what is right', () => {
    const config = load({
      HUB_SMTP_URL: 'smtps://u:p@mail.test:465',
      HUB_PUBLIC_URL: 'https://hub.test/base/',
      HUB_REDIS_URL: 'cluster:rediss://a:1,redis://b:2',
      HUB_ADMIN_CLIENT_ID: 'admin',
      HUB_ADMIN_CLIENT_SECRET: SECRET,
    });
    assert.deepEqual(
      [config.publicUrl, config.suspendDays, config.logLevel],
      ['https://hub.test/base', undefined, 'info'],
    );
  });
});

describe('the portal’s configuration', () => {
  const right = {
    HUB_API_URL: 'http://127.0.0.1:8080/',
    HUB_PORTAL_CLIENT_ID: 'p',
    HUB_PORTAL_CLIENT_SECRET: 's',
    HUB_OIDC_ISSUER: 'https://op.test',
    HUB_OIDC_CLIENT_ID: 'c',
    HUB_OIDC_CLIENT_SECRET: 'x',
  };
  const read = (env: Record<string, string>) => portalConfig(env, (message) => new ConfigError(message));

  it('names what is missing', () => {
    assert.deepEqual(read({ ...right, HUB_OIDC_CLIENT_SECRET: '' }), { missing: ['HUB_OIDC_CLIENT_SECRET'] });
  });

  it('takes what is right', () => {
    const found = read({ ...right, HUB_PORTAL_PORT: '0' });
    assert.ok('config' in found);
    assert.deepEqual(
      [found.config.port, found.config.filesPort, found.config.apiUrl],
      [0, 8082, 'http://127.0.0.1:8080'],
    );
  });

  it('refuses one host for pages and files, and what is no address or port', () => {
    const urls = { HUB_PORTAL_URL: 'https://portail.test', HUB_PORTAL_FILES_URL: 'https://portail.test:8443' };
    assert.throws(() => read({ ...right, ...urls }), /another host name/);
    assert.throws(() => read({ ...right, HUB_PORTAL_URL: 'portail.test' }), /HUB_PORTAL_URL must be an address/);
    assert.throws(() => read({ ...right, HUB_PORTAL_PORT: '99999' }), /HUB_PORTAL_PORT must be a whole number/);
  });
});
