import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_CONSUMERS } from '#engine/domain/deciders/mailbox/consumer.ts';
import type { FeedEntry } from '#engine/domain/records/feed.ts';
import { consumersName, recipientName } from '#engine/domain/records/names.ts';
import { DEFAULT_SETTINGS } from '#engine/domain/settings.ts';
import {
  admin,
  event,
  HERE,
  notified,
  osl,
  PROCESS,
  patchCase,
  patchEvent,
  received,
  SENDER,
  si,
  TOWN,
} from './samples.ts';
import { scene } from './scene.ts';
import { World } from './world.ts';

const { feedMs } = DEFAULT_SETTINGS;
const DAY = 86_400_000;

const kinds = (entries: readonly FeedEntry[]): unknown[] => entries.map(({ type, status }) => [type, status]);
const sequences = (world: World): number[] => world.feed(TOWN).map(({ sequence }) => sequence);
const keptOf = (world: World): number | undefined => world.get(HERE, recipientName(TOWN))?.feed?.kept;
const acknowledge = (world: World, upTo: number, consumer = 'logiciel', seek = false) =>
  world.ask(HERE, { kind: 'feed.acknowledge', org: TOWN, consumer, upTo, seek });
const cursor = (world: World, consumer = 'logiciel'): number | undefined =>
  world.get(HERE, consumersName(TOWN))?.consumers[consumer]?.acknowledged;

describe('feed', () => {
  it('tells each side what the other did, whether or not the contract notifies it', () => {
    const { world, case_ } = scene();
    assert.deepEqual(kinds(world.feed(TOWN)), [['deposited', null]]);
    assert.deepEqual(world.feed(SENDER), []);
    world.ask(HERE, patchCase(case_.id, 'SI_RECEIVED'));
    world.ask(HERE, event(case_, si(), { notification: false }));
    world.ask(HERE, event(case_, si(), { caseNewStatus: 'IN_PROGRESS' }));
    world.ask(HERE, event(case_, osl, { notification: true }));
    world.ask(HERE, patchCase(case_.id, 'DONE', admin));
    assert.deepEqual(kinds(world.feed(SENDER)), [
      ['status', 'SI_RECEIVED'],
      ['event', null],
      ['event', 'IN_PROGRESS'],
      ['status', 'DONE'],
    ]);
    assert.deepEqual(kinds(world.feed(TOWN)), [
      ['deposited', null],
      ['event', null],
      ['status', 'DONE'],
    ]);
    assert.ok([...world.feed(SENDER), ...world.feed(TOWN)].every((entry) => entry.case === case_.id));
  });

  it('tells of files when they can be fetched, not when they are announced', () => {
    const { world, case_ } = scene();
    const file = { fileName: 'acte.pdf', type: 'ACTE', size: 1, mimeType: 'application/pdf' };
    const announced = event(case_, si(), { actionType: 'ATTACH_DEPOSIT', attachments: [file] });
    world.ask(HERE, announced);
    const one = { event: announced.event.id, case: case_.id, caller: si() };
    world.ask(HERE, { kind: 'case.event.upload', ...one, index: 0, upload: received('b') });
    assert.deepEqual(world.feed(SENDER), []);
    world.ask(HERE, patchEvent(announced, 'SENT', si()));
    assert.deepEqual(kinds(world.feed(SENDER)), [['files', null]]);
    assert.equal(world.feed(SENDER)[0]?.event, announced.event.id);
  });

  it('bears the sequence of the notification, and keeps its entry when that is deleted', () => {
    const { world } = scene();
    notified(world);
    const listed = world.box(HERE, TOWN, PROCESS);
    assert.deepEqual(
      listed.map(({ sequence }) => sequence),
      sequences(world),
    );
    for (const { id } of listed)
      assert.equal(world.ask(HERE, { kind: 'mailbox.delete', notification: id, caller: si() }).status, 204);
    assert.deepEqual(world.box(HERE, TOWN, PROCESS), []);
    assert.deepEqual(sequences(world), [1, 2]);
  });

  it('lets nothing go before its retention, nothing stay an eighth of it longer, and never leaves a hole', () => {
    const world = new World();
    const written: number[] = [];
    for (let day = 0; day < 100; day += 1) {
      notified(world);
      written.push(world.now);
      const entries = sequences(world);
      const first = entries[0] as number;
      assert.deepEqual(
        entries,
        Array.from({ length: entries.length }, (_, n) => first + n),
      );
      assert.equal(keptOf(world), first);
      assert.equal(entries.at(-1), day + 1);
      for (const [n, ms] of written.entries()) {
        const age = world.now - ms;
        if (age < feedMs) assert.ok(n + 1 >= first, `entry ${n + 1} is gone after ${age / DAY} days`);
        if (age > feedMs * 1.125 + DAY)
          assert.ok(n + 1 < first, `entry ${n + 1} is still there after ${age / DAY} days`);
      }
      world.advance(world.now + DAY);
    }
  });

  it('is emptied by its timer when nothing comes any more, and begins again', () => {
    const world = new World();
    notified(world);
    world.advance(world.now + 3 * DAY);
    notified(world);
    world.advance(world.now + 2 * feedMs);
    assert.deepEqual([sequences(world), keptOf(world)], [[], 3]);
    notified(world);
    assert.deepEqual([sequences(world), keptOf(world)], [[3], 3]);
    world.advance(world.now + 2 * feedMs);
    assert.deepEqual([sequences(world), keptOf(world)], [[], 4]);
  });
});

describe('cursor', () => {
  it('goes forward by acknowledgement, back by seeking only, each reader for itself', () => {
    const world = new World();
    for (let n = 0; n < 3; n += 1) notified(world);
    assert.deepEqual(acknowledge(world, 2), { status: 200, body: { acknowledged: 2, before: 0 } });
    assert.deepEqual(acknowledge(world, 1).body, { acknowledged: 2, before: 2 });
    assert.deepEqual(acknowledge(world, 3, 'archives').body, { acknowledged: 3, before: 0 });
    assert.deepEqual(acknowledge(world, 1, 'logiciel', true).body, { acknowledged: 1, before: 2 });
    assert.deepEqual([cursor(world), cursor(world, 'archives')], [1, 3]);
    assert.deepEqual(sequences(world), [1, 2, 3]);
  });

  it('is refused beyond the end, and beyond the readers an organisation may have', () => {
    const world = new World();
    notified(world);
    assert.equal(acknowledge(world, 2).status, 400);
    for (let n = 0; n < MAX_CONSUMERS; n += 1) assert.equal(acknowledge(world, 1, `lecteur ${n}`).status, 200);
    assert.equal(acknowledge(world, 1, 'de trop').status, 400);
    assert.equal(acknowledge(world, 1, 'lecteur 0').status, 200);
  });

  it('is forgotten with its reader', () => {
    const world = new World();
    notified(world);
    acknowledge(world, 1);
    const forget = { kind: 'feed.forget', org: TOWN, consumer: 'logiciel' } as const;
    assert.equal(world.ask(HERE, forget).status, 204);
    assert.equal(world.get(HERE, consumersName(TOWN)), undefined);
    assert.equal(world.ask(HERE, forget).status, 404);
  });

  it('keeps names every object has apart', () => {
    const world = new World();
    notified(world);
    assert.deepEqual(acknowledge(world, 1, 'constructor').body, { acknowledged: 1, before: 0 });
    assert.equal(world.ask(HERE, { kind: 'feed.forget', org: TOWN, consumer: 'toString' }).status, 404);
  });
});
