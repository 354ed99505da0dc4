import assert from 'node:assert/strict';
import { SHAPES } from './shapes.ts';
import type { Called, Json } from './wire.ts';

/** Answers held against the table: every member there, none besides, each of its kind. */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** `2024-07-04T08:54:15.438+00:00` (contract §2) */
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{2}:\d{2}$/;

const KINDS: Readonly<Record<string, (value: Json) => boolean>> = {
  uuid: (value) => UUID.test(value),
  date: (value) => DATE.test(value),
  text: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  object: (value) => typeof value === 'object' && !Array.isArray(value),
};

export function assertShape(kind: string, value: Json, at = kind): void {
  if (kind.endsWith('?')) {
    if (value !== null) assertShape(kind.slice(0, -1), value, at);
    return;
  }
  if (kind.endsWith('[]')) {
    assert(Array.isArray(value), `${at} is an array`);
    for (const [index, item] of value.entries()) assertShape(kind.slice(0, -2), item, `${at}[${index}]`);
    return;
  }
  const shape = SHAPES[kind];
  if (shape === undefined) {
    assert(value !== null && KINDS[kind]?.(value), `${at} is ${kind}: ${JSON.stringify(value)}`);
    return;
  }
  assert.deepEqual(Object.keys(value).sort(), Object.keys(shape).sort(), `members of ${at}`);
  for (const [name, member] of Object.entries(shape)) assertShape(member, value[name], `${at}.${name}`);
}

/** An error in the envelope of contract §4, of that status. */
export function assertError(called: Called, status: number, message?: string | RegExp, code = status): void {
  assert.equal(called.status, status, called.text);
  assert.match(called.headers['content-type'] ?? '', /^application\/json/);
  assert.deepEqual(Object.keys(called.json), ['errors'], called.text);
  for (const entry of called.json.errors) {
    assert.deepEqual(Object.keys(entry).sort(), ['code', 'message']);
    assert.equal(typeof entry.code, 'number');
    assert.equal(typeof entry.message, 'string');
  }
  const [first] = called.json.errors;
  assert.equal(first.code, code);
  if (typeof message === 'string') assert.equal(first.message, message);
  else if (message !== undefined) assert.match(first.message, message);
}

/** Success without a body. */
export function assertDone(called: Called): void {
  assert.equal(called.status, 204, called.text);
  assert.equal(called.phrase, 'No Content');
  assert.equal(called.bytes.length, 0);
}
