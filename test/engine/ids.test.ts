import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  derive,
  folderOf,
  fromUuid,
  isKind,
  KIND,
  type Kind,
  newId,
  notificationId,
  notificationParts,
  parts,
  toUuid,
} from '#engine/domain/ids.ts';
import { ALL_PARTITIONS, PARTITIONS } from '#engine/domain/placement.ts';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const LAST_MS = 2 ** 48 - 1;
const MAX_BOX = 2 ** 22 - 1;
const MAX_SEQUENCE = 2 ** 40 - 1;

const kind = fc.constantFrom<Kind>(...Object.values(KIND));
const partition = fc.nat(ALL_PARTITIONS - 1);
const ms = fc.nat(LAST_MS);
/** What 14 bits can number. */
const index = fc.nat(0x3fff);

test('an id gives back what was put into it', () => {
  fc.assert(
    fc.property(kind, partition, ms, partition, index, (k, home, time, folderHome, i) => {
      const id = newId(k, home, time, folderHome, i);
      assert.equal(id.length, 22);
      assert.deepEqual(parts(id), { ms: time, kind: k, home, index: i, folderHome });
    }),
  );
});

test('its text at the edge is a UUID of version 7, in lower case, and leads back to it', () => {
  fc.assert(
    fc.property(kind, partition, ms, index, (k, home, time, i) => {
      const id = newId(k, home, time, home, i);
      const text = toUuid(id);
      assert.match(text, UUID_V7);
      assert.equal(fromUuid(text), id);
      assert.equal(fromUuid(text.toUpperCase()), id);
    }),
  );
});

test('ids made later sort later, as UUIDs and by their first letters', () => {
  fc.assert(
    fc.property(kind, partition, fc.nat(LAST_MS - 1), (k, home, time) => {
      assert.ok(toUuid(newId(k, home, time)) < toUuid(newId(k, home, time + 1)));
    }),
  );
});

test('a case or attachment leads to its folder, and only to its own', () => {
  fc.assert(
    fc.property(partition, partition, ms, index, (home, caseHome, time, i) => {
      const folder = newId(KIND.folder, home, time);
      const other = newId(KIND.folder, home, time);
      const case_ = derive(folder, KIND.case, caseHome, i);
      const attachment = derive(folder, KIND.attachment, home, i);
      assert.equal(folderOf(case_), folder);
      assert.equal(folderOf(attachment), folder);
      assert.notEqual(folderOf(case_), other);
      assert.deepEqual([parts(case_).home, parts(case_).folderHome], [caseHome, home]);
      assert.notEqual(case_, attachment);
    }),
  );
});

test('a notification’s id gives back its partition, box and sequence', () => {
  fc.assert(
    fc.property(partition, fc.nat(MAX_BOX), fc.nat(MAX_SEQUENCE), ms, (home, box, sequence, time) => {
      const id = notificationId(home, box, sequence, time);
      assert.deepEqual(notificationParts(id), { ms: time, home, box, sequence });
      assert.match(toUuid(id), UUID_V7);
      assert.ok(isKind(id, KIND.notification, ALL_PARTITIONS));
    }),
  );
  assert.throws(() => notificationId(1, MAX_BOX + 1, 1, 1), RangeError);
});

test('an id is of its kind only, and of no partition the hub does not have', () => {
  fc.assert(
    fc.property(kind, kind, fc.nat(255), ms, (k, other, home, time) => {
      const id = newId(k, home, time);
      assert.equal(isKind(id, other, PARTITIONS), k === other && home < PARTITIONS);
    }),
  );
});

test('a UUID of another version is of no kind; what is no UUID is no id', () => {
  fc.assert(
    fc.property(fc.uuid({ version: 4 }), kind, (text, k) => {
      const id = fromUuid(text);
      assert.ok(id !== undefined);
      assert.equal(isKind(id, k, ALL_PARTITIONS), false);
      assert.equal(toUuid(id), text);
    }),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.equal(fromUuid(text), undefined);
    }),
  );
});

test('ids of one moment and place differ', () => {
  const made = new Set(Array.from({ length: 100_000 }, () => newId(KIND.folder, 1, 1)));
  assert.ok(made.size >= 99_990, `${100_000 - made.size} of 100,000 doubled: 40 random bits give 0.005 on average`);
});

test('every digit of an id keeps its bits: bytes, text and siblings say the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), kind, partition, index, (bytes, k, home, i) => {
      const raw = Buffer.from(bytes);
      const id = raw.toString('base64url') as ReturnType<typeof newId>;
      const found = parts(id);
      assert.equal(found.ms, raw.readUIntBE(0, 6));
      assert.deepEqual([found.kind, found.home, found.folderHome], [(raw[6] as number) & 15, raw[7], raw[10]]);
      const { box, sequence } = notificationParts(id);
      assert.deepEqual([box, sequence], [raw.readUIntBE(8, 3) & 0x3fffff, raw.readUIntBE(11, 5)]);
      raw.set([0x70 | k, home, 0x80 | (i >>> 8), i & 255], 6);
      assert.equal(derive(id, k, home, i), raw.toString('base64url'));
    }),
  );
});
