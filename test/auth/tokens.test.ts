import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { Tokens } from '#api/auth/tokens.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import { KIND, newId } from '#engine/domain/ids.ts';
import { HOUR, MASTER, NOW } from './world.ts';

const CALLER: Caller = { scope: 'SI', org: 'SI-21770288300018-77288', process: 'EtatCivil' };
const SUBSCRIPTION = newId(KIND.other, 64, NOW);
const DAY = 24 * HOUR;

const tokens = (seconds = 3600, master: Uint8Array = MASTER) => new Tokens(master, seconds);
const issue = (from = tokens(), now = NOW) => from.issue('c1', CALLER, SUBSCRIPTION, now);
const part = (token: string, index: number) => token.split('.')[index] as string;

test('a token says who it was given to, in every process that has the master key', () => {
  assert.deepEqual(tokens().verify(issue(), NOW), {
    client: 'c1',
    bearer: CALLER,
    subscription: SUBSCRIPTION,
    issued: NOW,
    expires: NOW + HOUR,
  });
  const sender: Caller = { scope: 'OSL', org: 'OSL-13000918600011-00000' };
  assert.deepEqual(tokens().verify(tokens().issue('c2', sender, null, NOW), NOW)?.bearer, sender);
});

test('a token ends with its hour, also once it was seen', () => {
  const all = tokens();
  const token = issue(all);
  assert.ok(all.verify(token, NOW + HOUR - 1));
  assert.equal(all.verify(token, NOW + HOUR), undefined);
  assert.equal(tokens().verify(token, NOW + HOUR), undefined);
});

test('the life of tokens is a setting', () => {
  const all = tokens(60);
  assert.ok(all.verify(issue(all), NOW + 59_999));
  assert.equal(all.verify(issue(all), NOW + 60_000), undefined);
});

test('no byte of a token can be changed', () => {
  const all = tokens();
  const token = issue(all);
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === 'A' ? 'B' : 'A';
    assert.equal(all.verify(token.slice(0, at) + other + token.slice(at + 1), NOW), undefined, `character ${at}`);
  }
});

const FORGED: [name: string, token: (genuine: string) => string][] = [
  ['empty', () => ''],
  ['no parts', () => 'token'],
  ['two parts', (token) => `${part(token, 0)}.${part(token, 1)}`],
  ['no MAC', (token) => `${part(token, 0)}.${part(token, 1)}.`],
  ['a fourth part', (token) => `${token}.x`],
  ['a longer MAC', (token) => `${token}A`],
  ['padding', (token) => `${token}=`],
  ['the MAC under no key', (token) => replaceMac(token, '')],
  ['the MAC under the master key itself', (token) => replaceMac(token, MASTER)],
  ['a period that is no number', (token) => `-.${part(token, 1)}.${part(token, 2)}`],
  ['a period that is huge', (token) => `${'z'.repeat(40)}.${part(token, 1)}.${part(token, 2)}`],
  ['too long', (token) => `${part(token, 0)}.${'A'.repeat(5000)}.${part(token, 2)}`],
  ['a JSON Web Token without algorithm', () => 'eyJhbGciOiJub25lIn0.eyJjbGllbnQiOiJjMSIsInNjb3BlIjoiQURNSU4ifQ.'],
];

function replaceMac(token: string, key: string | Uint8Array): string {
  const text = `${part(token, 0)}.${part(token, 1)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

for (const [name, forge] of FORGED) {
  test(`forged: ${name}`, () => assert.equal(tokens().verify(forge(issue()), NOW), undefined));
}

test('a token names no algorithm: its parts are a period, claims and a MAC', () => {
  const claims: unknown = JSON.parse(Buffer.from(part(issue(), 1), 'base64url').toString());
  assert.deepEqual(claims, ['c1', 'SI', CALLER.org, 'EtatCivil', SUBSCRIPTION, NOW / 1000, NOW / 1000 + 3600]);
  assert.equal(part(issue(), 0), Math.floor(NOW / DAY).toString(36));
});

test('another master key signs nothing here', () => {
  assert.equal(tokens().verify(issue(tokens(3600, Buffer.alloc(32, 8))), NOW), undefined);
});

test('keys rotate each day: yesterday’s tokens live out their hour, then their key is not even tried', () => {
  const midnight = Math.ceil(NOW / DAY) * DAY;
  const before = issue(tokens(), midnight - 1000);
  const after = issue(tokens(), midnight + 1000);
  assert.notEqual(part(before, 0), part(after, 0));
  assert.ok(tokens().verify(before, midnight + HOUR / 2));
  assert.ok(tokens().verify(after, midnight - 500), 'the clock of another process is a little ahead');
  assert.equal(tokens().verify(before, midnight + 2 * HOUR), undefined);
  const moved = `${part(after, 0)}.${part(before, 1)}.${part(before, 2)}`;
  assert.equal(tokens().verify(moved, midnight), undefined);
});

test('the cache of verified tokens is bounded, and forgets nothing that is still asked for', () => {
  const all = tokens();
  const first = issue(all);
  assert.ok(all.verify(first, NOW));
  for (let count = 0; count < 40_000; count += 1) {
    assert.ok(all.verify(all.issue(`c${count}`, CALLER, null, NOW), NOW));
    if (count % 5000 === 0) assert.ok(all.verify(first, NOW));
  }
  assert.ok(all.verify(first, NOW));
});

test('a short master key is refused', () => {
  assert.throws(() => issue(tokens(3600, Buffer.alloc(31))), /31 bytes: 32 are needed/);
});
