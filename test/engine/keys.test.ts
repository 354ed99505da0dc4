import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import {
  CONTROL,
  hashKey,
  keysOf,
  parkKey,
  partitionOfKey,
  recordKey,
  replyChannel,
  slotOf,
} from '#engine/redis/keys.ts';

const SLOTS = 16_384;
const all = Array.from({ length: ALL_PARTITIONS }, (_, partition) => partition);
const tagOf = (key: string): string => key.slice(1, key.indexOf('}'));

test('slots are what Redis says they are', () => {
  // From the cluster specification: CRC16 of 123456789 is 31C3.
  assert.equal(slotOf('123456789'), 0x31c3 % SLOTS);
});

test('each partition has a tag of its own', () => {
  const tags = new Set(all.map((partition) => tagOf(keysOf(partition).in)));
  assert.equal(tags.size, ALL_PARTITIONS);
  assert.ok(!tags.has(tagOf(CONTROL.meta)));
});

test('every key and channel of a partition has its tag, and leads back to it', () => {
  for (const partition of all) {
    const names = [
      ...Object.values(keysOf(partition)),
      recordKey(partition, 'f1'),
      hashKey(partition, 'O'),
      parkKey(partition, 'o{9}x'),
      replyChannel(partition, 'api'),
    ];
    for (const key of names) {
      assert.equal(tagOf(key), tagOf(keysOf(partition).in), key);
      assert.equal(partitionOfKey(key), partition, key);
    }
    assert.equal(new Set(names).size, names.length);
  }
});

test('no record can take the name of a fixed key', () => {
  for (const key of Object.values(keysOf(1))) assert.match(key, /^\{[^}]+\}:/);
  assert.match(recordKey(1, 'f1'), /^\{[^}]+\}[^:]/);
});

test('slots are evenly spaced, so any number of masters gets its share', () => {
  const slots = all.map((partition) => slotOf(tagOf(keysOf(partition).in)));
  for (const [partition, slot] of slots.entries()) {
    const wanted = (SLOTS * (partition + 0.5)) / ALL_PARTITIONS;
    assert.ok(Math.abs(slot - wanted) <= SLOTS / ALL_PARTITIONS / 4, `partition ${partition}: slot ${slot}`);
  }
  for (let masters = 1; masters <= 16; masters += 1) {
    const counts = Array.from({ length: masters }, () => 0);
    for (const slot of slots) {
      const master = Math.floor((slot * masters) / SLOTS);
      counts[master] = (counts[master] ?? 0) + 1;
    }
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 2, `${masters} masters: ${counts.join(' ')}`);
  }
});

test('a partition that does not exist has no keys', () => {
  assert.throws(() => recordKey(ALL_PARTITIONS, 'f1'), RangeError);
});
