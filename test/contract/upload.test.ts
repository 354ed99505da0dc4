import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { folder, MEAUX, ORLY, pdf } from './country.ts';
import { deposit, drain, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError } from './shape.ts';
import type { Json } from './wire.ts';

/** Contract §6: the bytes of attachments, in and out. */

const API = '/teledossiers/v1';
const FOLDERS = `${API}/folders`;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64');

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

describe('PUT attachment', () => {
  const upload = async (size: number, bytes: Uint8Array, headers = {}, file = {}) => {
    const made = (await world.dgs.post(FOLDERS, folder({ files: [{ size, ...file }] }))).json;
    const path = `${FOLDERS}/${made.id}/attachments/${made.attachments[0].id}`;
    const answer = await world.dgs.upload(path, bytes, headers);
    const [{ status }] = (await world.dgs.get(`${FOLDERS}/${made.id}`)).json.attachments;
    return { answer, status, path, made };
  };

  test('a good file is RECEIVED when its 204 arrives', async () => {
    for (const headers of [{}, { digest: sha256(pdf(64)) }, { digest: `SHA-256=${sha256(pdf(64))}` }]) {
      const { answer, status } = await upload(64, pdf(64), headers);
      assertDone(answer);
      assert.equal(status, 'RECEIVED');
    }
  });

  test('a file that comes in pieces, without Content-Length, is RECEIVED and given back', async () => {
    const bytes = pdf(3_000_000, 'b');
    const made = (await world.dgs.post(FOLDERS, folder({ files: [{ size: bytes.length }, { size: bytes.length }] })))
      .json;
    const pieces = Array.from({ length: 30 }, (_, index) => bytes.subarray(index * 100_000, (index + 1) * 100_000));
    const [first, second] = made.attachments.map(({ id }: Json) => `${FOLDERS}/${made.id}/attachments/${id}`);
    assertDone(await world.dgs.call('PUT', first, { pieces }));
    assertError(
      await world.dgs.call('PUT', second, { pieces: pieces.slice(1) }),
      400,
      'Size does not match with attachment meta-data',
    );
    const got = await world.dgs.get(`${API}/cases/${made.cases[0].id}/attachments/${made.attachments[0].id}`);
    assert.equal(got.headers['digest'], sha256(bytes));
    assert.equal(sha256(got.bytes), sha256(bytes));
  });

  test('a wrong size, digest or content is REJECTED with 400', async () => {
    const small = await upload(64, pdf(63));
    assertError(small.answer, 400, 'Size does not match with attachment meta-data');
    assert.equal(small.status, 'REJECTED');
    const empty = await upload(64, new Uint8Array());
    assertError(empty.answer, 400, 'Size does not match with attachment meta-data');
    assert.equal(empty.status, 'REJECTED');
    const long = await upload(64, pdf(65));
    assertError(long.answer, 400, 'Size does not match with attachment meta-data');
    assert.equal(long.status, 'REJECTED');
    const digest = await upload(64, pdf(64), { digest: sha256(pdf(63)) });
    assertError(digest.answer, 400);
    assert.equal(digest.status, 'REJECTED');
    const content = await upload(64, Buffer.alloc(64, 'x'));
    assertError(content.answer, 400);
    assert.equal(content.status, 'REJECTED');
  });

  test('a text format is not parsed', async () => {
    const cut = Buffer.from('<?xml version="1.0"?><racine><cas>'.padEnd(64));
    const { answer, status } = await upload(64, cut, {}, { mimeType: 'application/xml' });
    assertDone(answer);
    assert.equal(status, 'RECEIVED');
  });

  test('may be repeated while the folder is HUBEE_RECEIVED, not later', async () => {
    const { path, made } = await upload(64, pdf(63));
    assertDone(await world.dgs.upload(path, pdf(64, 'b')));
    assertDone(await world.dgs.upload(path, pdf(64, 'c')));
    assertDone(await world.dgs.patch(`${FOLDERS}/${made.id}`, { globalStatus: 'HUBEE_COMPLETED' }));
    assertError(await world.dgs.upload(path, pdf(64)), 400);
    const [note] = await notifications(world.orly);
    const got = await world.orly.get(`${API}/cases/${note.caseId}/attachments/${made.attachments[0].id}`);
    assert.equal(got.status, 200, got.text);
    assert.deepEqual(got.bytes, pdf(64, 'c'));
    await drain(world.orly);
  });

  test('of a folder deleted meanwhile answers 404', async () => {
    const { path, made } = await upload(64, pdf(64));
    assertDone(await world.dgs.call('DELETE', `${FOLDERS}/${made.id}`));
    assertError(await world.dgs.upload(path, pdf(64)), 404, 'Folder is not found');
    assertError(await world.dgs.upload(path, pdf(63)), 404, 'Folder is not found');
  });

  test('is for the sender only, and for an attachment of that folder', async () => {
    const { path, made } = await upload(64, pdf(64));
    assertError(await world.dila.upload(path, pdf(64)), 403, 'Unauthorized user');
    const other = (await world.dgs.post(FOLDERS, folder({}))).json;
    const crossed = `${FOLDERS}/${other.id}/attachments/${made.attachments[0].id}`;
    assertError(await world.dgs.upload(crossed, pdf(64)), 404, 'Binary meta-data is not found');
  });
});

describe('downloads', () => {
  test('give the bytes unchanged with their digest, to who may read the case', async () => {
    const made = await deposit(world.dgs, { to: [ORLY, MEAUX], files: [{ size: 1000, for: [0] }, { size: 64 }] });
    const [orly, meaux] = made.cases;
    const [first, second] = made.attachments;
    const path = `${API}/cases/${orly.id}/attachments/${first.id}`;
    for (const partner of [world.orly, world.dgs, world.admin]) {
      const got = await partner.get(path);
      assert.equal(got.status, 200, got.text);
      assert.equal(got.headers['content-type'], 'application/octet-stream');
      assert.equal(got.headers['digest'], sha256(pdf(1000)));
      assert.deepEqual(got.bytes, pdf(1000));
    }
    const part = await world.orly.call('GET', path, { headers: { Range: 'bytes=10-19' } });
    assert.equal(part.status, 206);
    assert.deepEqual(part.bytes, pdf(1000).subarray(10, 20));
    assertError(await world.meaux.get(path), 403, 'Unauthorized user');
    assertError(await world.dila.get(path), 403, 'Unauthorized user');
    assertError(await world.meaux.get(`${API}/cases/${meaux.id}/attachments/${first.id}`), 404, 'File is not found');
    assert.equal((await world.meaux.get(`${API}/cases/${meaux.id}/attachments/${second.id}`)).status, 200);
    const seen = (await world.meaux.get(`${API}/cases/${meaux.id}`)).json;
    assert.deepEqual(
      seen.attachments.map((one: Json) => one.id),
      [second.id],
    );
    await drain(world.orly, world.meaux);
  });
});
