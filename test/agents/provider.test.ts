import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, it } from 'node:test';
import { SignJWT, UnsecuredJWT } from 'jose';
import { Provider, vouchesForAddresses } from '#api/agents/provider.ts';
import { Problem } from '#api/server/problems.ts';
import { CLIENT, type Claims, Issuer, signer } from './issuer.ts';

let issuer: Issuer;
let provider: Provider;
const ADA = {
  sub: 's-1',
  email: 'Ada@Melun.test',
  email_verified: true,
  given_name: ' Ada ',
  usual_name: 'De  La Tour',
};
const fresh = () => new Provider({ issuer: issuer.url, clientId: CLIENT, acr: 'eidas1' }, Date.now, 0);
before(async () => {
  issuer = await Issuer.start();
});
after(() => issuer.stop());
beforeEach(() => {
  provider = fresh();
});

const code = (expected: string) => (error: unknown) => error instanceof Problem && error.code === expected;
const now = () => Math.floor(Date.now() / 1000);

it('reads what both texts say', async () => {
  const { idToken, userinfo } = await issuer.texts({
    ...ADA,
    siret: '21770288300018',
    acr: 'eidas2',
    amr: ['pwd', 'mfa'],
  });
  assert.deepEqual(await provider.verify(idToken, userinfo), {
    subject: 's-1',
    email: 'Ada@Melun.test',
    isEmailVerified: true,
    givenName: 'Ada',
    familyName: 'De La Tour',
    siret: '21770288300018',
    acr: 'eidas2',
    amr: ['pwd', 'mfa'],
  });
});

it('takes an address for verified only when that is said, by whoever is not ProConnect', async () => {
  for (const said of [undefined, false]) {
    const { idToken, userinfo } = await issuer.texts({ ...ADA, email_verified: said });
    assert.equal((await provider.verify(idToken, userinfo)).isEmailVerified, false);
  }
});

it('knows ProConnect by its host, and nobody who only looks like it', () => {
  for (const [issuer, expected] of [
    ['https://auth.agentconnect.gouv.fr/api/v2', true],
    ['https://auth.proconnect.gouv.fr', true],
    ['https://fca.integ01.dev-agentconnect.fr/api/v2', true],
    ['http://auth.proconnect.gouv.fr', false],
    ['https://evil-proconnect.gouv.fr', false],
    ['https://proconnect.gouv.fr.evil.test', false],
    ['https://evil.test/proconnect.gouv.fr/', false],
    ['https://proconnect.gouv.fr@evil.test/', false],
  ] as const) {
    assert.equal(vouchesForAddresses(issuer), expected, issuer);
  }
});

it('takes no SIRET that is none', async () => {
  for (const siret of ['', '2177028830001', 'x'.repeat(14)]) {
    const { idToken, userinfo } = await issuer.texts({ ...ADA, siret });
    assert.equal((await provider.verify(idToken, userinfo)).siret, null);
  }
});

it('accepts ES256 too', async () => {
  const other = await Issuer.start('ES256');
  const { idToken, userinfo } = await other.texts(ADA);
  const config = { issuer: other.url, clientId: CLIENT, acr: 'eidas1' } as const;
  assert.equal((await new Provider(config, Date.now).verify(idToken, userinfo)).subject, 's-1');
  await other.stop();
});

describe('refuses', () => {
  const WRONG: [name: string, id: Claims, info?: Claims][] = [
    ['another issuer', { iss: 'https://other.test' }],
    ['another portal', { aud: 'another' }],
    ['no audience', { aud: undefined }],
    ['several audiences without saying for whom', { aud: [CLIENT, 'another'] }],
    ['an end that is past', { exp: now() - 3600 }],
    ['no end', { exp: undefined }],
    ['a text of the future', { iat: now() + 3600, exp: now() + 7200 }],
    ['a text that was kept', { iat: now() - 3600, exp: now() + 3600 }],
    ['no nonce: any other text of the provider, like a userinfo', { nonce: undefined }],
    ['a subject that is none', { sub: undefined }],
    ['two persons', {}, { sub: 's-2' }],
    ['a userinfo for another portal', {}, { aud: 'another' }],
    ['a userinfo of another issuer', {}, { iss: 'https://other.test' }],
    ['a userinfo that is past', {}, { exp: now() - 3600 }],
    ['a userinfo without end', {}, { exp: undefined }],
  ];
  for (const [name, id, info = {}] of WRONG) {
    it(name, async () => {
      const idToken = await issuer.sign({ sub: 's-1', nonce: 'n', acr: 'eidas1', ...id });
      const userinfo = await issuer.sign({ ...ADA, ...info });
      await assert.rejects(provider.verify(idToken, userinfo), code('sign-in-invalid'));
    });
  }

  it('signatures of others, none at all, and those a secret makes', async () => {
    const payload = { iss: issuer.url, aud: CLIENT, sub: 's-1', nonce: 'n', iat: now(), exp: now() + 60 };
    const stranger = await signer('one');
    const other = await signer('one', 'ES256');
    const secret = Buffer.from(JSON.stringify(issuer.published[0]));
    const forged = [
      await issuer.sign(payload, stranger),
      await issuer.sign(payload, other),
      new UnsecuredJWT(payload).encode(),
      await new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret),
      await issuer.sign(payload, await signer('one', 'RS512')),
    ];
    const good = await issuer.sign(payload);
    const [head, , mac] = good.split('.') as [string, string, string];
    forged.push(`${head}.${Buffer.from(JSON.stringify({ ...payload, sub: 'x' })).toString('base64url')}.${mac}`);
    for (const text of [...forged, 'x', '', 'a.b.c', '..', 'a.b.c.d.e']) {
      await assert.rejects(provider.verify(text, good), code('sign-in-invalid'), text);
      await assert.rejects(provider.verify(good, text), code('sign-in-invalid'), text);
    }
    await assert.doesNotReject(provider.verify(good, good));
  });
});

describe('keys', () => {
  it('are fetched once for many', async () => {
    issuer.asked.length = 0;
    const texts = await issuer.texts(ADA);
    await Promise.all(Array.from({ length: 20 }, () => provider.verify(texts.idToken, texts.userinfo)));
    await provider.verify(texts.idToken, texts.userinfo);
    assert.deepEqual(issuer.asked, ['/.well-known/openid-configuration', '/jwks']);
  });

  it('are fetched anew for one that is not known, but not again and again', async () => {
    const { idToken, userinfo } = await issuer.texts(ADA);
    const slow = new Provider({ issuer: issuer.url, clientId: CLIENT, acr: 'eidas1' }, Date.now);
    for (const each of [provider, slow]) await each.verify(idToken, userinfo);
    const [before, published] = [issuer.signer, issuer.published];
    issuer.signer = await signer('two');
    issuer.published = [issuer.signer.publicJwk];
    const texts = await issuer.texts(ADA);
    assert.equal((await provider.verify(texts.idToken, texts.userinfo)).subject, 's-1');
    issuer.asked.length = 0;
    for (let count = 0; count < 3; count += 1) {
      await assert.rejects(slow.verify(texts.idToken, texts.userinfo), code('sign-in-invalid'));
    }
    assert.deepEqual(issuer.asked, []);
    [issuer.signer, issuer.published] = [before, published];
  });
});

describe('a provider that does not answer as it should', () => {
  const away = async () => {
    const { idToken, userinfo } = await issuer.texts(ADA);
    await assert.rejects(fresh().verify(idToken, userinfo), code('provider-unavailable'));
  };

  it('is away, whatever it says instead', async () => {
    for (const discovery of [
      { issuer: 'https://other.test' },
      { jwks_uri: 'nowhere' },
      { jwks_uri: 'file:///etc/passwd' },
      { jwks_uri: 'http://127.0.0.1:1/jwks' },
      { jwks_uri: undefined },
      { padding: 'x'.repeat(300_000) },
    ]) {
      issuer.discovery = discovery;
      await away();
    }
    issuer.discovery = {};
    issuer.status = 500;
    await away();
    issuer.status = 200;
    const { published } = issuer;
    issuer.published = 'none' as never;
    await away();
    issuer.published = published;
  });

  it('leads nowhere else', async () => {
    const elsewhere = createServer((_, response) => response.writeHead(302, { Location: `${issuer.url}/jwks` }).end());
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    issuer.discovery = { jwks_uri: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/jwks` };
    await away();
    issuer.discovery = {};
    elsewhere.close();
  });

  it('is not waited for without end, and found again afterwards', async () => {
    issuer.silent = true;
    const started = performance.now();
    await away();
    assert.ok(performance.now() - started < 7_000);
    issuer.silent = false;
    const { idToken, userinfo } = await issuer.texts(ADA);
    assert.equal((await provider.verify(idToken, userinfo)).subject, 's-1');
  });
});
