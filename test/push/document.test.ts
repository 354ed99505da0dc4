import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Compile } from 'typebox/compile';
import { describePush } from '#api/asyncapi.ts';
import { CLOSE } from '#api/push/codes.ts';
import { readFrame } from '#api/push/frames.ts';
import { FROM_CLIENT, FROM_HUB } from '#api/schemas/push.ts';
import { GONE, HOPELESS, NEW_TOKEN } from '#gateway/client/frames.ts';
import { projectFolder } from '#ops/place.ts';
import type { Json } from '#test/contract/wire.ts';

/** `/asyncapi.json` says what the hub does: test/push/line.ts checks each frame of each test against the same schemas. */

const REASON_BYTES = 123;
const document: Json = describePush({ publicUrl: 'https://hub.test', tls: undefined, host: '', port: 0 });
const target = (ref: string): Json =>
  ref
    .slice(2)
    .split('/')
    .reduce((found: Json, step) => found?.[step], document);

test('is AsyncAPI 3, refers to nothing that is not there, and leaves nothing out', () => {
  assert.equal(document.asyncapi, '3.0.0');
  assert.deepEqual(document.servers.hub, {
    host: 'hub.test',
    protocol: 'wss',
    security: [{ $ref: '#/components/securitySchemes/client' }],
  });
  for (const [, ref] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) assert(target(ref as string), ref);
  const names = [...Object.keys(FROM_CLIENT), ...Object.keys(FROM_HUB)];
  assert.deepEqual(Object.keys(document.channels.push.messages), names);
  const { fromClient, fromHub } = document.operations;
  assert.deepEqual([fromClient.action, fromHub.action], ['receive', 'send']);
  assert.equal(fromClient.messages.length + fromHub.messages.length, names.length);
});

test('its schemas admit what the hub admits, and nothing else', () => {
  const admits = (name: string, value: unknown): boolean => {
    const { payload } = document.components.messages[name];
    const schema = JSON.parse(JSON.stringify(target(payload.$ref)));
    return Compile(schema).Check(value);
  };
  for (const [name, value, right] of [
    ['open', { type: 'open' }, true],
    ['open', { type: 'open', token: 't', consumer: 'a', processCodes: ['P'], after: 0, credit: 0 }, true],
    ['open', { type: 'open', credit: 1_001 }, false],
    ['open', { type: 'open', consumer: 'a b' }, false],
    ['acknowledge', { type: 'acknowledge', position: 1 }, true],
    ['acknowledge', { type: 'acknowledge', position: 1.5 }, false],
    ['acknowledge', { type: 'acknowledge' }, false],
    ['credit', { type: 'credit', credit: 5 }, true],
    ['renew', { type: 'renew', token: '' }, false],
    ['ping', { type: 'ping' }, true],
  ] as const) {
    assert.equal(admits(name, value), right, JSON.stringify(value));
    assert.equal(readFrame(JSON.stringify(value)) !== undefined, right, JSON.stringify(value));
  }
});

test('names all close codes, each once, with a reason that fits its frame', () => {
  const listed: Json[] = document.channels.push['x-close-codes'];
  assert.deepEqual(
    listed.map(({ code }) => code),
    Object.values(CLOSE).map(({ code }) => code),
  );
  assert.equal(new Set(listed.map(({ code }) => code)).size, listed.length);
  for (const { reason } of listed) assert(Buffer.byteLength(reason) <= REASON_BYTES, reason);
});

test('the reference client does after each code what the document says', () => {
  for (const { code, next } of Object.values(CLOSE)) {
    assert.equal(HOPELESS.has(code), next === 'stop', String(code));
    assert.equal(NEW_TOKEN.has(code), next === 'new token', String(code));
  }
  assert.equal(GONE, CLOSE.gone.code);
});

test('the page for partners tells of each code', () => {
  const page = readFileSync(join(projectFolder, 'docs', 'fil.md'), 'utf8');
  const told = [...page.matchAll(/^\| (\d{4}) \|/gm)].map(([, code]) => Number(code));
  assert.deepEqual(
    told,
    Object.values(CLOSE).map(({ code }) => code),
  );
});
