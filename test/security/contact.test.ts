import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { routes } from '#api/routes/security.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { loadConfig } from '#engine/config.ts';
import { fakeRequest } from '#test/transport/request.ts';

/** RFC 9116. */

const FOLDER = mkdtempSync(join(tmpdir(), 'contact-'));
after(() => rmSync(FOLDER, { recursive: true }));
const NOW = Date.parse('2026-11-25T10:00:00Z');
function answer(securityContact: string, publicUrl = 'https://hub.example.fr') {
  const deps = { hub: { now: () => NOW }, config: { securityContact, publicUrl } } as unknown as ApiDeps;
  const [route] = routes(deps);
  return route?.handler(fakeRequest()) as { status: number; text: string; type: string };
}

it('says whom to tell, in which languages, until when, and where it is', () => {
  const { text, type } = answer('mailto:securite@example.fr');
  assert.equal(type, 'text/plain; charset=utf-8');
  assert.deepEqual(text.split('\n'), [
    'Contact: mailto:securite@example.fr',
    'Expires: 2027-05-24T00:00:00Z',
    'Preferred-Languages: fr, en',
    'Canonical: https://hub.example.fr/.well-known/security.txt',
    '',
  ]);
  assert.equal(answer('mailto:a@b.fr', '').text.includes('Canonical'), false);
});

it('is not there when nobody is named', () => {
  assert.throws(() => answer(''), { status: 404 });
});

it('a contact that is none, or holds a line of its own, stops the start', () => {
  const load = (HUB_SECURITY_CONTACT: string) =>
    loadConfig({ HUB_REDIS_URL: 'redis://127.0.0.1', HUB_SECURITY_CONTACT }, { role: 'api', data: FOLDER })
      .securityContact;
  assert.equal(load('https://example.fr/securite'), 'https://example.fr/securite');
  for (const wrong of [
    'securite@example.fr',
    'http://example.fr',
    'mailto:a@b.fr\nExpires: x',
    'mailto:a b',
    'mailto:',
  ]) {
    assert.throws(() => load(wrong), { name: 'ConfigError' }, wrong);
  }
});
