import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { deposit, enrolPartners, startHub, type World } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';
import { isProblem } from '#test/native/calls.ts';
import { type Received, Receiver } from './receiver.ts';

/** Webhooks over HTTP against a real receiver: proof, signatures, order, replay, pause, rotation, log. */
const HOOKS = '/relais/v1/webhooks';
const FEED = '/relais/v1/feed';

let world: World;
let receiver: Receiver;
before(async () => {
  world = await startHub({ HUB_WEBHOOK_PRIVATE: 'yes' });
});
after(() => world.stop());
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(async () => {
  const listed = (await world.orly.get(HOOKS)).json;
  for (const { id } of listed) await world.orly.remove(`${HOOKS}/${id}`);
  await receiver.stop();
});

const told = (): Promise<Json> => deposit(world.dgs, {});
const end = async (): Promise<number> =>
  Number((await world.orly.get(`${FEED}?after=0&limit=1`)).headers['relais-last-position']);

async function register(body: Json = {}): Promise<Json> {
  const answer = await world.orly.post(HOOKS, { url: receiver.url, ...body });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

const show = async (id: string): Promise<Json> => (await world.orly.get(`${HOOKS}/${id}`)).json;
/** Asks until it is so: what is reported after a call was answered comes a moment later. */
async function shown(id: string, enough: (webhook: Json) => boolean): Promise<Json> {
  for (;;) {
    const webhook = await show(id);
    if (enough(webhook)) return webhook;
  }
}

/** The convention's own library; it knows HMAC only. */
const verified = (secret: string, { body, headers }: Received): unknown => new Webhook(secret).verify(body, headers);

/** RFC 8032, by the public key of the answer. */
function verifiedByKey(publicKey: string, { body, headers }: Received): boolean {
  const x = Buffer.from(publicKey.replace('whpk_', ''), 'base64').toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  return (headers['webhook-signature'] ?? '')
    .split(' ')
    .filter((one) => one.startsWith('v1a,'))
    .some((one) => verify(null, content, key, Buffer.from(one.slice(4), 'base64')));
}

describe('registration', () => {
  test('calls the address once, signed, and wants its challenge back', async () => {
    const { id, secret, publicKey, status } = await register();
    assert.equal(status, 'active');
    assert.equal(receiver.challenges.length, 1);
    const [proof] = receiver.challenges as [Received];
    verified(secret, proof);
    assert.ok(verifiedByKey(publicKey, proof));
    assert.equal('secret' in (await show(id)), false);
    const { live, consumers } = (await world.orly.get(`${FEED}/presence`)).json;
    assert.deepEqual([live, consumers.length, consumers[0].live], [1, 1, true]);
  });

  test('an address that does not answer the challenge is not registered, and the answer says why', async () => {
    for (const [challenge, wrong] of [
      [(_: Received, response: Json) => response.writeHead(200).end('{"challenge":"x"}'), /renvoyé le défi/],
      [(_: Received, response: Json) => response.writeHead(200).end(), /renvoyé le défi/],
      [(_: Received, response: Json) => response.writeHead(500).end(), /erreur \(500\)/],
      [(_: Received, response: Json) => response.writeHead(302, { Location: receiver.url }).end(), /redirige/],
      [(_: Received, response: Json) => response.destroy(), /connexion/],
    ] as const) {
      receiver.challenge = challenge;
      const answer = await world.orly.post(HOOKS, { url: receiver.url });
      isProblem(answer, 422, 'webhook-unproved');
      assert.match(answer.text, wrong);
    }
    assert.deepEqual((await world.orly.get(HOOKS)).json, []);
  });

  test('refuses what is no address to call', async () => {
    for (const url of ['ftp://example.org/', 'pas une adresse', 'http://moi:secret@127.0.0.1/', 'http://127.0.0.1/#x'])
      assert.equal((await world.orly.post(HOOKS, { url })).status, 400, url);
  });

  test('wants an address for messages where the organisation has none', async () => {
    const path = '/referential/v1/organizations/SI-21940000000016-94054';
    const { json: orly } = await world.admin.get(path);
    await world.admin.put(path, { ...orly, email: null });
    const { errors } = isProblem(await world.orly.post(HOOKS, { url: receiver.url }), 400, 'form-invalid');
    const named = await world.orly.post(HOOKS, { url: receiver.url, email: 'exploitation@orly.test' });
    await world.admin.put(path, orly);
    assert.deepEqual([errors[0].pointer, named.status], ['/email', 201]);
  });

  test('belongs to its organisation, and to the démarche of the credentials', async () => {
    const { id } = await register();
    for (const other of [world.meaux, world.orlyCivil, world.dgs]) {
      isProblem(await other.get(`${HOOKS}/${id}`), 404, 'webhook-unknown');
      assert.equal((await other.remove(`${HOOKS}/${id}`)).status, 404);
      assert.deepEqual((await other.get(HOOKS)).json, []);
    }
    assert.equal((await world.orly.post(HOOKS, { url: receiver.url, processCodes: ['EtatCivil'] })).status, 403);
  });
});

describe('partners', () => {
  test('see and register webhooks of the démarches they are confined to', async () => {
    const { id } = await register();
    const { orlyPartner, dgsReader } = await enrolPartners(world.admin);
    assert.equal((await orlyPartner.get(`${HOOKS}/${id}`)).status, 200);
    assert.equal((await orlyPartner.post(HOOKS, { url: receiver.url, processCodes: ['EtatCivil'] })).status, 403);
    const made = await orlyPartner.post(HOOKS, { url: receiver.url });
    assert.deepEqual([made.status, made.json.processCodes], [201, ['CERTDC']]);
    assert.deepEqual((await dgsReader.get(HOOKS)).json, []);
    assert.equal((await dgsReader.post(HOOKS, { url: receiver.url })).status, 403);
  });
});

describe('delivery', () => {
  test('each entry of the feed once, in order, one call at a time, signed both ways; the cursor follows', async () => {
    const { id, secret, publicKey } = await register();
    const from = await end();
    const folders: Json[] = [];
    for (let n = 0; n < 5; n += 1) folders.push(await told());
    await receiver.until(() => receiver.got.length >= 5);
    assert.deepEqual(
      receiver.positions,
      [1, 2, 3, 4, 5].map((n) => from + n),
    );
    assert.deepEqual(
      receiver.got.map(({ event }) => event.subject),
      folders.map(({ cases: [one] }: Json) => one.id),
    );
    for (const received of receiver.got) {
      assert.deepEqual(verified(secret, received), received.event);
      assert.ok(verifiedByKey(publicKey, received));
      assert.equal(received.headers['webhook-id'], received.event.id);
      assert.match(received.headers['content-type'] ?? '', /^application\/cloudevents\+json/);
    }
    assert.equal(receiver.most, 1);
    await shown(id, ({ acknowledged }) => acknowledged === from + 5);
    const [first] = (await world.orly.get(`${HOOKS}/${id}/attempts`)).json;
    assert.deepEqual(
      { ...first, dateTime: '', durationMs: 0 },
      { dateTime: '', durationMs: 0, position: from + 5, outcome: 'delivered', httpStatus: 204 },
    );
  });

  test('begins where it is told to', async () => {
    await told();
    const from = await end();
    await told();
    await register({ after: from - 1 });
    await receiver.until(() => receiver.got.length >= 2);
    assert.deepEqual(receiver.positions, [from, from + 1]);
  });

  test('a failure is seen, and repeated with the same id before anything else', async () => {
    const { id } = await register();
    receiver.answer = (_, response) => response.writeHead(503, { 'Retry-After': '1' }).end();
    await told();
    await told();
    await receiver.until(() => receiver.got.length >= 1);
    const { failing, status } = await shown(id, (webhook) => webhook.failing !== null);
    assert.equal(status, 'failing');
    assert.equal(failing.failures, 1);
    receiver.answer = (_, response) => response.writeHead(200).end();
    // Its owner need not wait for the next try.
    assert.equal((await world.orly.post(`${HOOKS}/${id}/resume`, {})).status, 204);
    await receiver.until(() => receiver.got.length >= 3);
    const ids = receiver.got.map(({ headers }) => headers['webhook-id']);
    assert.equal(ids[0], ids[1]);
    assert.notEqual(ids[1], ids[2]);
    assert.equal((await shown(id, (webhook) => webhook.status === 'active')).failing, null);
  });

  test('410 pauses at once and tells the organisation; it goes on where it stopped', async () => {
    const { id } = await register();
    const mails = world.mails.texts.length;
    receiver.answer = (_, response) => response.writeHead(410).end();
    await told();
    await receiver.until(() => receiver.got.length >= 1);
    const { pause } = await shown(id, (webhook) => webhook.status === 'paused');
    assert.equal(pause.reason, 'gone');
    // One for the case, one for the pause.
    await world.mails.count(mails + 2);
    assert.equal(world.mails.texts.slice(mails).filter((text) => /webhook est suspendu/.test(text)).length, 1);
    receiver.answer = (_, response) => response.writeHead(200).end();
    assert.equal((await world.orly.post(`${HOOKS}/${id}/resume`, {})).status, 204);
    await receiver.until(() => receiver.got.length >= 2);
    assert.equal(receiver.positions[0], receiver.positions[1]);
  });

  test('paused, it is called no more; nothing of what came meanwhile is missing afterwards', async () => {
    const { id } = await register();
    assert.equal((await world.orly.post(`${HOOKS}/${id}/pause`, {})).status, 204);
    assert.equal((await show(id)).pause.reason, 'asked');
    const from = await end();
    await told();
    await told();
    assert.deepEqual(receiver.positions, []);
    await world.orly.post(`${HOOKS}/${id}/resume`, {});
    await receiver.until(() => receiver.got.length >= 2);
    assert.deepEqual(receiver.positions, [from + 1, from + 2]);
  });
});

describe('replay', () => {
  test('of one event, and of all since a date', async () => {
    const { id } = await register();
    const from = await end();
    await told();
    await receiver.until(() => receiver.got.length >= 1);
    await told();
    await told();
    await receiver.until(() => receiver.got.length >= 3);
    await shown(id, ({ acknowledged }) => acknowledged === from + 3);
    const again = await world.orly.post(`${HOOKS}/${id}/replay`, { position: from + 2 });
    assert.equal(again.status, 202, again.text);
    await receiver.until(() => receiver.got.length >= 4);
    assert.equal(receiver.positions[3], from + 2);
    await shown(id, ({ replays }) => replays.length === 0);
    const since = receiver.got[1]?.event.time;
    const all = await world.orly.post(`${HOOKS}/${id}/replay`, { since });
    assert.deepEqual([all.status, all.json], [202, { after: from + 1 }]);
    await receiver.until(() => receiver.got.length >= 6);
    assert.deepEqual(receiver.positions.slice(4), [from + 2, from + 3]);
    for (const wrong of [{}, { position: 1, since }, { since: 'hier' }])
      isProblem(await world.orly.post(`${HOOKS}/${id}/replay`, wrong), 400, 'form-invalid');
    for (const [act, body] of [
      ['replay', { position: 10_000 }],
      ['resume', { after: 10_000 }],
    ] as const)
      isProblem(await world.orly.post(`${HOOKS}/${id}/${act}`, body), 409, 'position-ahead');
  });
});

describe('rotation', () => {
  test('both secrets sign during the overlap, the new one alone without', async () => {
    const old = await register();
    const next = (await world.orly.post(`${HOOKS}/${old.id}/rotate`, { overlapHours: 1 })).json;
    await told();
    await receiver.until(() => receiver.got.length >= 1);
    const both = receiver.got[0] as Received;
    for (const { secret, publicKey } of [old, next]) {
      verified(secret, both);
      assert.ok(verifiedByKey(publicKey, both));
    }
    assert.equal((await show(old.id)).publicKeys.length, 2);
    const last = (await world.orly.post(`${HOOKS}/${old.id}/rotate`, { overlapHours: 0 })).json;
    await told();
    await receiver.until(() => receiver.got.length >= 2);
    const one = receiver.got[1] as Received;
    verified(last.secret, one);
    assert.throws(() => verified(next.secret, one));
    assert.equal(verifiedByKey(next.publicKey, one), false);
  });
});

describe('change', () => {
  test('another address is proved, then called', async () => {
    const { id } = await register();
    const other = await Receiver.start();
    try {
      other.challenge = (_, response) => response.writeHead(404).end();
      assert.equal((await world.orly.patch(`${HOOKS}/${id}`, { url: other.url })).status, 422);
      assert.equal((await show(id)).url, receiver.url);
      other.challenge = ({ event }, response) => response.end(JSON.stringify({ challenge: event.data.challenge }));
      assert.equal((await world.orly.patch(`${HOOKS}/${id}`, { url: other.url })).status, 200);
      await told();
      await other.until(() => other.got.length >= 1);
      assert.deepEqual(receiver.positions, []);
    } finally {
      await other.stop();
    }
  });

  test('deleted, it is called no more, and leaves no reader behind', async () => {
    const { id } = await register();
    assert.equal((await world.orly.remove(`${HOOKS}/${id}`)).status, 204);
    assert.equal((await world.orly.get(`${HOOKS}/${id}`)).status, 404);
    const readers = (await world.orly.get(`${FEED}/consumers`)).json;
    assert.deepEqual(
      readers.filter(({ consumer }: Json) => consumer.startsWith('webhook.')),
      [],
    );
  });
});
