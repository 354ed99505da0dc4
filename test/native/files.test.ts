import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { pdf } from '#test/contract/country.ts';
import { enrolPartners, startHub, type World } from '#test/contract/hub.ts';
import type { Json, Partner } from '#test/contract/wire.ts';
import { changed, isProblem, send, V1 } from './calls.ts';

/** PUT /relais/v1/files/{id}: sent before the deposit that names them. */

const TD = '/teledossiers/v1';
let partners: Awaited<ReturnType<typeof enrolPartners>>;
let world: World;
before(async () => {
  world = await startHub();
  partners = await enrolPartners(world.admin);
});
after(() => world.stop());

describe('files sent before', () => {
  const put = (partner: Partner, id: string, bytes: Uint8Array, headers: Record<string, string> = {}) =>
    partner.call('PUT', `${V1}/files/${id}`, {
      body: bytes,
      headers: { 'Content-Type': 'application/pdf', ...headers },
    });
  const digest = (bytes: Uint8Array): string => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;
  const naming = (...files: string[]): Json =>
    changed((body) => {
      body.attachments = files.map((file, index) => {
        const { content: _, mimeType: __, recipients: ___, ...rest } = body.attachments[0];
        return { ...rest, fileName: `${index}.pdf`, file };
      });
    });

  it('are named by a deposit, large ones too, and downloaded as they were sent', async () => {
    const [small, large] = [pdf(700), pdf(1_000_000, 'b')];
    const [a, b] = [randomUUID(), randomUUID().toUpperCase()];
    const sent = await put(world.dgs, a, small, { 'Content-Digest': digest(small) });
    assert.equal(sent.status, 201, sent.text);
    assert.deepEqual(sent.json, { id: a, size: 700, mimeType: 'application/pdf', digest: digest(small) });
    assert.equal((await put(world.dgs, b, large)).status, 201);
    const body = naming(a, b);
    const key = randomUUID();
    const answer = await send(world.dgs, body, key);
    assert.equal(answer.status, 201, answer.text);
    const path = `${TD}/cases/${answer.json.cases[0].id}/attachments`;
    for (const [index, bytes] of [small, large].entries()) {
      assert.deepEqual((await world.orly.get(`${path}/${answer.json.attachments[index].id}`)).bytes, bytes);
    }
    assert.equal((await send(world.dgs, body, key)).text, answer.text);
    const other = isProblem(await send(world.dgs, naming(a)), 422, 'file-unusable');
    assert.equal(other.errors[0].pointer, '/attachments/0/file');
  });

  it('do not change: again the same, never another', async () => {
    const id = randomUUID();
    assert.equal((await put(world.dgs, id, pdf(64))).status, 201);
    assert.equal((await put(world.dgs, id, pdf(64))).status, 200);
    isProblem(await put(world.dgs, id, pdf(65)), 409, 'file-exists');
    isProblem(await put(world.dgs, id, pdf(64), { 'If-None-Match': '*' }), 412, 'precondition-failed');
  });

  it('belong to their organisation', async () => {
    const id = randomUUID();
    await put(partners.dgsPartner, id, pdf(64));
    assert.equal((await send(world.dgs, naming(id))).status, 201, 'whose every client may name it');
    const theirs = randomUUID();
    assert.equal((await put(world.dila, theirs, pdf(64))).status, 201);
    isProblem(await send(world.dgs, naming(theirs)), 422, 'rules-not-met');
    assert.equal((await put(world.dgs, theirs, pdf(65))).status, 201, 'its name is free here');
  });

  it('are what their digest and type say', async () => {
    const id = randomUUID();
    const wrong = await put(world.dgs, id, pdf(64), { 'Content-Digest': digest(pdf(65)) });
    isProblem(wrong, 400, 'digest-mismatch');
    const other = await put(world.dgs, id, pdf(64), { 'Content-Digest': 'md5=:AAAA:' });
    isProblem(other, 400, 'form-invalid');
    assert.equal(other.headers['want-content-digest'], 'sha-256=10');
    isProblem(await put(world.dgs, id, Buffer.from('no PDF')), 422, 'file-unusable');
    isProblem(await put(world.dgs, 'x', pdf(64)), 400, 'form-invalid');
    const many = `sha-512=:AA==:, ${digest(pdf(64))}`;
    assert.equal((await put(world.dgs, id, pdf(64), { 'Content-Digest': many })).status, 201);
  });
});
