import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CLOSE } from '#api/push/codes.ts';
import { ORLY } from '#test/contract/country.ts';
import { deposit, startHub, type World } from '#test/contract/hub.ts';
import { type Json, Partner } from '#test/contract/wire.ts';
import { Line } from './line.ts';

/** `/relais/v1/push` on the whole product: the same positions and cursors as the other channels of the feed. */

const FEED = '/relais/v1/feed';
let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

const told = (): Promise<Json> => deposit(world.dgs, { to: [ORLY] });
const end = async (): Promise<number> =>
  Number((await world.orly.get(`${FEED}?after=0&limit=250`)).headers['relais-position']);
const cursorOf = async (name: string): Promise<number> =>
  (await world.orly.get(`${FEED}/consumers`)).json.find(({ consumer }: Json) => consumer === name)?.acknowledged;
const open = (frame: Json, token = world.orly.token): Promise<Line> => Line.open(world.url, token, frame);

describe('a connection', () => {
  test('gets what is there, then what comes, and goes on after what it has acknowledged', async () => {
    const from = await end();
    const first = await told();
    const line = await open({ consumer: 'suite', after: from });
    await line.got(1);
    const second = await told();
    await line.got(2);
    assert.deepEqual(line.cases, [first.cases[0].id, second.cases[0].id]);
    assert.deepEqual(line.sequences, [from + 1, from + 2]);
    await line.acknowledge(from + 1);
    await line.saved(from + 1);
    await line.close();
    assert.equal(await cursorOf('suite'), from + 1);
    const again = await open({ consumer: 'suite' });
    assert.deepEqual([again.one('opened').position, again.one('opened').last], [from + 1, from + 2]);
    await again.got(1);
    assert.deepEqual(again.sequences, [from + 2]);
    await again.close();
  });

  test('has no more unacknowledged events than it takes', async () => {
    const from = await end();
    for (let n = 0; n < 4; n += 1) await told();
    const line = await open({ consumer: 'crédit'.replace('é', 'e'), after: from, credit: 2 });
    await line.got(2);
    await line.send({ type: 'ping' });
    await line.until(() => line.one('pong') !== undefined);
    assert.deepEqual(line.sequences, [from + 1, from + 2]);
    await line.acknowledge(from + 1);
    await line.got(3);
    await line.send({ type: 'credit', credit: 10 });
    await line.got(4);
    assert.deepEqual(line.sequences, [from + 1, from + 2, from + 3, from + 4]);
    await line.close();
  });

  test('may bear its token in its first frame', async () => {
    const line = new Line(world.url);
    await line.send({ type: 'open', token: world.orly.token, consumer: 'navigateur' });
    await line.until(() => line.one('opened') !== undefined);
    await line.close();
  });

  test('sees its démarche only', async () => {
    const from = await end();
    const civil = await open(
      { consumer: 'civil', after: from, processCodes: ['EtatCivil', 'CERTDC'] },
      world.orlyCivil.token,
    );
    const mine = await open({ consumer: 'certdc', after: from });
    await told();
    await mine.got(1);
    await civil.send({ type: 'ping' });
    await civil.until(() => civil.one('pong') !== undefined);
    assert.deepEqual(civil.events, []);
    await mine.close();
    await civil.close();
  });
});

describe('is closed with a documented code', () => {
  const refused = async (frame: Json, closing: { code: number }, token?: string): Promise<string> => {
    const line = await open(frame, token);
    const { code, reason } = await line.end();
    assert.equal(code, closing.code, reason);
    return reason;
  };

  test('without a good token, or without the right scope', async () => {
    await refused({ consumer: 'x' }, CLOSE.unauthorized, 'wrong');
    await refused({ consumer: 'x', token: 'wrong' }, CLOSE.unauthorized);
    await refused({ consumer: 'x' }, CLOSE.forbidden, world.admin.token);
    await refused({ consumer: 'x' }, CLOSE.forbidden, world.datapass.token);
  });

  test('for a frame that is none', async () => {
    for (const text of [
      '{',
      '[]',
      'null',
      '{"type":"open","credit":-1}',
      '{"type":"acknowledge","position":1}',
      '{"type":"__proto__"}',
    ]) {
      const line = new Line(world.url, world.orly.token);
      await line.until(() => line.socket.readyState === WebSocket.OPEN);
      line.socket.send(text);
      assert.equal((await line.end()).code, CLOSE.malformed.code, text);
    }
    // Node's own client forgets the code of a close that comes while it inflates what came before.
    const line = await open({ consumer: 'deux', after: await end() });
    await line.send({ type: 'open' });
    assert.equal((await line.end()).code, CLOSE.malformed.code);
  });

  test('for an acknowledgement of what was not sent, or a position beyond the end', async () => {
    const line = await open({ consumer: 'menteur', after: await end() });
    await line.acknowledge((await end()) + 1);
    assert.equal((await line.end()).code, CLOSE.malformed.code);
    assert.match(await refused({ consumer: 'loin', after: 1_000_000 }, CLOSE.malformed), /fin du fil/);
  });

  test('for a position or a démarche of its own beside another connection of the consumer', async () => {
    const line = await open({ consumer: 'partage' });
    await refused({ consumer: 'partage', after: 0 }, CLOSE.positionShared);
    await refused({ consumer: 'partage' }, CLOSE.scopeShared, world.orlyCivil.token);
    await line.close();
  });

  test('when its cursor is moved elsewhere: it goes on from there', async () => {
    const from = await end();
    await told();
    const line = await open({ consumer: 'rejoue', after: from });
    await line.got(1);
    await line.acknowledge(from + 1);
    await line.saved(from + 1);
    await world.orly.put(`${FEED}/consumers/rejoue`, { position: from, seek: true });
    await told();
    assert.equal((await line.end()).code, CLOSE.elsewhere.code);
    const again = await open({ consumer: 'rejoue' });
    await again.got(2);
    assert.deepEqual(again.sequences, [from + 1, from + 2]);
    await again.close();
  });

  test('when its client is revoked, or the secret its token came from has had its time', async () => {
    const client = async (): Promise<Partner> => {
      const body = { scope: 'SI', subscriptionId: world.subscriptions.get('CERTDC|SI-21940000000016-94054') };
      const { clientId, clientSecret } = (await world.admin.post('/admin/v1/clients', body)).json;
      return new Partner(world.url, 'SI', clientId, clientSecret).login();
    };
    const [gone, turned] = [await client(), await client()];
    const [one, two] = [await open({}, gone.token), await open({}, turned.token)];
    assert.equal(one.one('opened').consumer, gone.clientId);
    await world.admin.remove(`/admin/v1/clients/${gone.clientId}`);
    await world.admin.post(`/admin/v1/clients/${turned.clientId}/rotate`, { overlapSeconds: 0 });
    const begun = performance.now();
    assert.deepEqual([(await one.end()).code, (await two.end()).code], [CLOSE.revoked.code, CLOSE.rotated.code]);
    assert(performance.now() - begun < 10_000);
  });
});
