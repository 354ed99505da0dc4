import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerGrant, type TokenRequest } from '#api/auth/grant.ts';
import { ADMIN, AuthWorld } from './world.ts';

const FORM = 'application/x-www-form-urlencoded';
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

function world(): AuthWorld {
  const made = new AuthWorld();
  made.sender('osl', 's1');
  made.recipient('si', 's2', 'EtatCivil');
  return made;
}

const ask = (over: Partial<TokenRequest> = {}, from = world()) => {
  const request = {
    authorization: basic('osl:s1'),
    contentType: FORM,
    body: 'grant_type=client_credentials&scope=OSL',
    address: '192.0.2.1',
    ...over,
  };
  const { status, text } = answerGrant(from.access, request);
  return { status, body: JSON.parse(text) as Record<string, unknown> };
};

const GRANTED: [name: string, over: Partial<TokenRequest>, scope?: string][] = [
  ['form', {}],
  ['members in the other order', { body: 'scope=OSL&grant_type=client_credentials' }],
  ['charset after the type', { contentType: `${FORM}; charset=UTF-8` }],
  ['no content type', { contentType: '' }],
  ['JSON', { contentType: 'application/json', body: '{"grant_type":"client_credentials","scope":"OSL"}' }],
  [
    'JSON with charset',
    { contentType: 'application/json; charset=utf-8', body: '{"scope":"OSL","grant_type":"client_credentials"}' },
  ],
  [
    'credentials in the form',
    { authorization: '', body: 'grant_type=client_credentials&scope=OSL&client_id=osl&client_secret=s1' },
  ],
  [
    'credentials in JSON',
    {
      authorization: '',
      contentType: 'application/json',
      body: '{"grant_type":"client_credentials","scope":"OSL","client_id":"osl","client_secret":"s1"}',
    },
  ],
  ['scheme in lower case', { authorization: basic('osl:s1').replace('Basic', 'basic') }],
  ['a recipient', { authorization: basic('si:s2'), body: 'grant_type=client_credentials&scope=SI' }, 'SI'],
  [
    'the first administrator',
    { authorization: basic(`${ADMIN.clientId}:${ADMIN.secret}`), body: 'grant_type=client_credentials&scope=ADMIN' },
    'ADMIN',
  ],
];
for (const [name, over, scope = 'OSL'] of GRANTED) {
  test(`granted: ${name}`, () => {
    const from = world();
    const { status, body } = ask(over, from);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body), ['access_token', 'scope', 'token_type', 'expires_in']);
    assert.equal(body['scope'], scope);
    assert.equal(body['token_type'], 'Bearer');
    assert.equal(body['expires_in'], 3600);
    assert.equal(from.access.authenticate(`Bearer ${body['access_token']}`).caller.scope, scope);
  });
}

const UNKNOWN: [name: string, over: Partial<TokenRequest>, id: string][] = [
  ['unknown client', { authorization: basic('none:s1') }, 'none'],
  ['wrong secret', { authorization: basic('osl:s2') }, 'osl'],
  ['no colon', { authorization: basic('osl') }, 'osl'],
  ['no credentials', { authorization: '' }, ''],
  ['a bearer token', { authorization: 'Bearer x' }, ''],
  ['not base64', { authorization: 'Basic ***' }, ''],
  ['a quote in the id', { authorization: basic('a"b:s') }, 'a"b'],
  ['wrong secret and wrong scope', { authorization: basic('osl:s2'), body: 'scope=none' }, 'osl'],
];
for (const [name, over, id] of UNKNOWN) {
  test(`401: ${name}`, () => {
    const description = `A valid OAuth client could not be found for client_id: ${id}`;
    assert.deepEqual(ask(over), { status: 401, body: { error_description: description, error: 'invalid_client' } });
  });
}

const REFUSED: [name: string, over: Partial<TokenRequest>, error: string][] = [
  ['another grant type', { body: 'grant_type=password&scope=OSL' }, 'unsupported_grant_type'],
  ['no grant type', { body: 'scope=OSL' }, 'unsupported_grant_type'],
  ['no scope', { body: 'grant_type=client_credentials' }, 'invalid_scope'],
  ['unknown scope', { body: 'grant_type=client_credentials&scope=ALL' }, 'invalid_scope'],
  ['the scope of another', { body: 'grant_type=client_credentials&scope=ADMIN' }, 'invalid_scope'],
  ['several scopes', { body: 'grant_type=client_credentials&scope=OSL%20ADMIN' }, 'invalid_scope'],
  [
    'a scope that is no text',
    { contentType: 'application/json', body: '{"grant_type":"client_credentials","scope":["OSL"]}' },
    'invalid_scope',
  ],
  [
    'an inherited member',
    { contentType: 'application/json', body: '{"grant_type":"client_credentials","__proto__":{"scope":"OSL"}}' },
    'invalid_scope',
  ],
  ['malformed JSON', { contentType: 'application/json', body: '{' }, 'invalid_request'],
  ['a JSON array', { contentType: 'application/json', body: '[]' }, 'invalid_request'],
];
for (const [name, over, error] of REFUSED) {
  test(`400: ${name}`, () => {
    const { status, body } = ask(over);
    assert.equal(status, 400);
    assert.equal(body['error'], error);
    assert.equal(typeof body['error_description'], 'string');
  });
}

test('a very long client id is not repeated whole', () => {
  const { body } = ask({ authorization: basic(`${'x'.repeat(3000)}:s`) });
  assert.ok(String(body['error_description']).length < 400);
});
