import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CLOSE } from '#api/push/codes.ts';
import type { Json } from '#test/contract/wire.ts';
import { FakeHub, type FakePeer, quiet, until } from './fake.ts';

/** What readers may cost, whatever they do: memory, commands, connections. */

const asks = ({ asked }: FakeHub, kind: string): number => asked.filter((command) => command.kind === kind).length;
const acknowledgeAll = (peer: FakePeer): void => {
  const position = peer.sequences.at(-1);
  if (position !== undefined) peer.say({ type: 'acknowledge', position });
};

describe('room', () => {
  test('a connection that does not read gets no more, and goes on when it has read', async () => {
    const hub = new FakeHub();
    const peer = await hub.connect({ credit: 1_000 });
    peer.unread = 1;
    hub.write(900);
    await quiet();
    const got = peer.sequences.length;
    assert(got > 100 && got <= 500, `${got} events`);
    assert(peer.buffered < 256 * 1024);
    peer.buffered = 0;
    peer.unread = 0;
    peer.session?.drained();
    await until(() => peer.sequences.length === 900);
    assert.deepEqual(
      peer.sequences,
      Array.from({ length: 900 }, (_, n) => n + 1),
    );
    await hub.push.stop();
  });

  test('one that acknowledges nothing is given its credit, and its reader reads no further', async () => {
    const hub = new FakeHub();
    const peer = await hub.connect({ credit: 10 });
    hub.write(10_000);
    await quiet();
    assert.equal(peer.sequences.length, 10);
    await hub.push.stop();
  });

  test('one that keeps an event lets the others go on, within bounds; the event then goes to another', async () => {
    const hub = new FakeHub();
    hub.ms = 1;
    const stuck = await hub.connect({ credit: 1 });
    hub.write(1);
    await until(() => stuck.sequences.length === 1);
    const other = await hub.connect({ credit: 1_000 });
    hub.write(3_000);
    for (let seen = -1; seen < other.sequences.length; ) {
      seen = other.sequences.length;
      acknowledgeAll(other);
      await quiet();
    }
    assert(other.sequences.length >= 1_000 && other.sequences.length <= 2_000, String(other.sequences.length));
    assert.equal(hub.cursor?.acknowledged, 0);
    hub.ms += 11 * 60_000;
    await hub.push.look();
    assert.equal(stuck.closing?.code, CLOSE.overdue.code);
    await until(() => other.sequences.includes(1));
    await hub.push.stop();
  });

  test('thousands of acknowledgements are few commands', async () => {
    const hub = new FakeHub();
    const peer = await hub.connect({ credit: 1_000 });
    hub.write(2_000);
    for (let next = 0; next < 2_000; ) {
      await until(() => peer.sequences.length > next);
      for (; next < peer.sequences.length; next += 1) peer.say({ type: 'acknowledge', position: peer.sequences[next] });
    }
    await until(() => hub.cursor?.acknowledged === 2_000);
    assert(asks(hub, 'feed.acknowledge') <= 40, `${asks(hub, 'feed.acknowledge')} commands`);
    await hub.push.stop();
  });

  test('one organisation has no more than its connections', async () => {
    const hub = new FakeHub();
    const peers: FakePeer[] = [];
    for (let n = 0; n < 256; n += 1) peers.push(await hub.connect());
    assert.equal((await hub.connect()).closing?.code, CLOSE.tooMany.code);
    peers[0]?.close(1000, '');
    assert.equal((await hub.connect()).closing, undefined);
    await hub.push.stop();
  });
});

describe('the end', () => {
  test('of the process closes all, writes what was acknowledged and lets go', async () => {
    const hub = new FakeHub();
    const peer = await hub.connect();
    const renewed = await hub.connect({ consumer: 'deux' });
    hub.write(3);
    await until(() => peer.sequences.length === 3);
    peer.say({ type: 'acknowledge', position: 2 });
    await hub.push.stop();
    assert.deepEqual([peer.closing?.code, renewed.closing?.code], [CLOSE.ending.code, CLOSE.ending.code]);
    assert.equal(hub.cursor?.acknowledged, 2);
    assert.equal(asks(hub, 'feed.release'), 2);
    assert.equal(hub.push.admits(), false);
  });

  test('of a token closes what was opened with it', async () => {
    for (const lapsed of ['expired', 'revoked'] as const) {
      const hub = new FakeHub();
      const peer = await hub.connect();
      await hub.push.look();
      assert.equal(peer.closing, undefined);
      peer.say({ type: 'renew', token: 'y' });
      await until(() => peer.frames.some(({ type }) => type === 'renewed'));
      hub.lapsed = lapsed;
      await hub.push.look();
      assert.equal((peer.closing as Json)?.code, CLOSE[lapsed].code);
      await hub.push.stop();
    }
  });

  test('of what is kept, while a reader is slow, is said with where it may go on', async () => {
    const hub = new FakeHub();
    const peer = await hub.connect({ credit: 1 });
    hub.write(100);
    await until(() => peer.sequences.length === 1);
    hub.kept = 50;
    acknowledgeAll(peer);
    await until(() => peer.closing !== undefined);
    assert.deepEqual(peer.closing, { code: CLOSE.gone.code, reason: 'oldest=49' });
    assert.equal((await hub.connect()).closing?.reason, 'oldest=49');
    assert.equal((await hub.connect({ after: 49 })).closing, undefined);
    await hub.push.stop();
  });

  test('of its hold ends a reader: nothing read afterwards is sent', async () => {
    const hub = new FakeHub();
    const peer = await hub.connect();
    hub.cursor = { acknowledged: 0, holder: 'another' };
    hub.write(5);
    await until(() => peer.closing !== undefined);
    assert.deepEqual([peer.closing?.code, peer.sequences], [CLOSE.elsewhere.code, []]);
    await hub.push.stop();
  });
});
