import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { folder, keyOf, ORLY, pdf } from './country.ts';
import { deposit, drain, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError } from './shape.ts';

/** Bad input: a clear error in the contract's form, nothing left behind, and the hub goes on. */

const API = '/teledossiers/v1';
const FOLDERS = `${API}/folders`;
const JSON_TYPE = { 'Content-Type': 'application/json' };
const KB = 1024;
const MB = KB * KB;

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());
afterEach(async () => {
  assert.equal((await world.dgs.get(`${API}/notifications`)).status, 200, 'the hub goes on');
});

describe('a body', () => {
  const post = (body: string | Uint8Array) => world.dgs.call('POST', FOLDERS, { headers: JSON_TYPE, body });
  const good = () => JSON.stringify(folder({}));

  test('that is no JSON is 400', async () => {
    for (const body of ['{', '[1,', 'nothing', '{"a":1}}', "{'a':1}", '{"a":\u0001}']) {
      assertError(await post(body), 400, /^Bad Request : Validation failed\.\n\[ERROR\]\[REQUEST\]\[POST .* @body\] /);
    }
  });

  test('that is no UTF-8, or holds NUL, is 400', async () => {
    const [start, end] = good().split('George') as [string, string];
    for (const wrong of [
      Buffer.from([0xff]),
      Buffer.from([0xc0, 0x80]),
      Buffer.from([0xed, 0xa0, 0x80]),
      Buffer.from([0]),
    ]) {
      assertError(await post(Buffer.concat([Buffer.from(start), wrong, Buffer.from(end)])), 400, /@body\]/);
    }
    assertError(await post(good().replace('George', 'Geo\\u0000rge')), 400, /NUL/);
  });

  test('that is nested too deep is 400', async () => {
    const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
    assertError(await post(deep), 400, /@body\]/);
    assertError(await post(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), 400, /@body\]/);
  });

  test('that is too large is 413', async () => {
    const body = JSON.stringify({ ...folder({}), unknown: 'x'.repeat(20 * MB) });
    assertError(await post(body), 413);
  });

  test('with members of prototypes changes nothing but itself', async () => {
    const body = good().replace('{', '{"__proto__":{"globalStatus":"CLOSED"},"constructor":1,"toString":null,');
    assert.equal((await post(body)).status, 201);
    assert.equal(({} as Record<string, unknown>)['globalStatus'], undefined);
  });

  test('with more cases or files than a folder holds is 413, before anything is written', async () => {
    const cases = Array.from({ length: 5001 }, (_, index) => ({ recipient: ORLY, externalId: `${index}` }));
    const attachments = [
      { fileName: 'a', type: 'DD_Certificatdedeces', size: 1, mimeType: 'application/pdf', recipients: ['0'] },
    ];
    assertError(await world.dgs.post(FOLDERS, { ...folder({}), cases, attachments }), 413, /5000 cases/);
    const files = Array.from({ length: 1001 }, () => ({}));
    assertError(await world.dgs.post(FOLDERS, folder({ files })), 413, /1000 attachments/);
    const recipients = Array.from({ length: 100_001 }, () => '0');
    const linked = [{ ...attachments[0], recipients }];
    assertError(await world.dgs.post(FOLDERS, { ...folder({}), attachments: linked }), 413, /100000 recipients/);
  });

  test('of an event with more files than it holds is 413', async () => {
    const made = await deposit(world.dgs, { to: [ORLY] });
    const path = `${API}/cases/${made.cases[0].id}/events`;
    const file = { fileName: 'a', type: 'x', size: 1, mimeType: 'application/pdf' };
    const attachments = Array.from({ length: 101 }, () => file);
    assertError(await world.orly.post(path, { actionType: 'ATTACH_DEPOSIT', notification: true, attachments }), 413);
    await drain(world.orly);
  });
});

describe('a request', () => {
  test('with a huge header is refused, and the connection goes', async () => {
    const headers = { Tag: 'x'.repeat(64 * KB) };
    const answer = await world.dgs.call('GET', `${API}/notifications`, { headers }).catch(() => undefined);
    assert(answer === undefined || answer.status >= 400, String(answer?.status));
  });

  test('with a wrong query or path is an error in the envelope', async () => {
    for (const path of ['?maxResult=%zz', '?maxResult=%ff', '?processCode=%00&maxResult=x']) {
      assertError(await world.dgs.get(`${API}/notifications${path}`), 400);
    }
    assertError(await world.dgs.get(`${FOLDERS}/%zz`), 400);
    assertError(await world.dgs.get(`${FOLDERS}/${'x'.repeat(2000)}`), 400);
    assertError(await world.admin.get(`/referential/v1/organizations/${keyOf(ORLY)}%00`), 400);
  });
});

/** Sends half of the bytes announced, then cuts the connection. */
async function breakOff(path: string, size: number): Promise<void> {
  const headers = { Authorization: `Bearer ${world.dgs.token}`, 'Content-Length': String(size) };
  const asked = request(new URL(path, world.url), { method: 'PUT', headers, agent: false });
  asked.on('error', () => undefined);
  await new Promise((resolve) => asked.write(pdf(size / 2), resolve));
  const closed = new Promise((resolve) => asked.on('close', resolve));
  asked.destroy();
  await closed;
}

describe('an upload', () => {
  test('that is broken off leaves the attachment as it was', async () => {
    const fresh = (await world.dgs.post(FOLDERS, folder({ files: [{ size: 400_000 }] }))).json;
    const again = await deposit(world.dgs, {}, false);
    for (const [made, status] of [
      [fresh, 'PENDING'],
      [again, 'RECEIVED'],
    ] as const) {
      const [{ id, size }] = made.attachments;
      await breakOff(`${FOLDERS}/${made.id}/attachments/${id}`, size);
      assert.equal((await world.dgs.get(`${FOLDERS}/${made.id}`)).json.attachments[0].status, status);
    }
    const path = `${FOLDERS}/${fresh.id}/attachments/${fresh.attachments[0].id}`;
    assertDone(await world.dgs.upload(path, pdf(400_000)));
  });

  test('with a digest that is none is 400, and changes nothing', async () => {
    const made = (await world.dgs.post(FOLDERS, folder({ files: [{ size: 64 }] }))).json;
    const path = `${FOLDERS}/${made.id}/attachments/${made.attachments[0].id}`;
    for (const digest of ['x', 'SHA-512=abc', 'a'.repeat(44)]) {
      assertError(await world.dgs.upload(path, pdf(64), { digest }), 400);
    }
    const unknown = `${FOLDERS}/${made.id}/attachments/${made.id}`;
    assertError(await world.dgs.upload(unknown, pdf(64), { digest: 'x' }), 400, /@header\.digest\]/);
    assertError(await world.dgs.upload(unknown, pdf(64)), 404);
    assertDone(await world.dgs.upload(path, pdf(64)));
  });
});

test('a client that never reads its list holds nobody up', async () => {
  const made = await deposit(world.dgs, { to: Array.from({ length: 2000 }, () => ORLY) });
  const { hostname, port } = new URL(world.url);
  const lazy = Array.from({ length: 20 }, () => {
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.write(
      `GET ${API}/notifications?maxResult=100000 HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${world.orly.token}\r\n\r\n`,
    );
    return socket;
  });
  const notes = await notifications(world.orly);
  assert.equal(notes.length, made.cases.length);
  for (const socket of lazy) socket.destroy();
});
