import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { DILA, MEAUX, NOWHERE, ORLY, pdf } from '#test/contract/country.ts';
import { drain, enrolPartners, notifications, startHub, type World } from '#test/contract/hub.ts';
import type { Called, Json, Partner } from '#test/contract/wire.ts';
import { deposit, isProblem, send, V1 } from './calls.ts';

/** POST /relais/v1/folders: one call, delivered before its answer, once whatever happens to the answer. */

let world: World;
let partners: Awaited<ReturnType<typeof enrolPartners>>;
before(async () => {
  world = await startHub();
  partners = await enrolPartners(world.admin);
});
after(() => world.stop());

const TD = '/teledossiers/v1';
const read = async (partner: Partner, id: string): Promise<Json> => (await partner.get(`${TD}/cases/${id}`)).json;
const listed = async (partner: Partner, id: string): Promise<number> =>
  (await notifications(partner)).filter(({ caseId }) => caseId === id).length;

describe('a deposit in one call', () => {
  it('is with its recipient, files included, when it is answered', async () => {
    const body = deposit({ to: [ORLY], files: [{ size: 300 }, { size: 5000, fileName: 'ç.pdf' }] });
    const answer = await send(world.dgs, body);
    assert.equal(answer.status, 201, answer.text);
    const { id, cases, attachments } = answer.json;
    assert.equal(answer.headers['location'], `${TD}/folders/${id}`);
    assert.deepEqual(
      cases.map(({ externalId, recipient }: Json) => [externalId, recipient]),
      [[body.cases[0].externalId, ORLY]],
    );
    assert.equal(await listed(world.orly, cases[0].id), 1);
    const seen = await read(world.orly, cases[0].id);
    assert.deepEqual([seen.status, seen.attachments.length], ['HUBEE_NOTIFIED', 2]);
    assert.deepEqual(
      seen.attachments.map(({ id: file }: Json) => file),
      attachments.map(({ id: file }: Json) => file),
    );
    const file = await world.orly.get(`${TD}/cases/${cases[0].id}/attachments/${attachments[1].id}`);
    assert.deepEqual(file.bytes, pdf(5000));
    assert.equal((await world.dgs.get(`${TD}/folders/${id}`)).json.globalStatus, 'HUBEE_NOTIFIED');
  });

  it('as multipart, its files as they are', async () => {
    const { attachments, ...described } = deposit();
    const { content: _, mimeType: __, ...attachment } = attachments[0];
    const form = new FormData();
    const json = JSON.stringify({ ...described, attachments: [{ ...attachment, part: 'acte' }] });
    form.append('folder', new Blob([json], { type: 'application/json' }));
    form.append('acte', new Blob([new Uint8Array(pdf(1000))], { type: 'application/pdf' }), 'acte.pdf');
    const key = randomUUID();
    const post = async (): Promise<Called> => {
      // FormData takes another boundary each time
      const sent = new Response(form);
      return world.dgs.call('POST', `${V1}/folders`, {
        body: new Uint8Array(await sent.arrayBuffer()),
        headers: { 'Content-Type': sent.headers.get('content-type') ?? '', 'Idempotency-Key': key },
      });
    };
    const first = await post();
    assert.equal(first.status, 201, first.text);
    const again = await post();
    assert.deepEqual([again.status, again.text, again.headers['idempotency-replayed']], [201, first.text, 'true']);
    const [case_] = first.json.cases;
    const file = await world.orly.get(`${TD}/cases/${case_.id}/attachments/${first.json.attachments[0].id}`);
    assert.deepEqual(file.bytes, pdf(1000));
  });

  it('to several recipients, each of which gets what is for it', async () => {
    const body = deposit({ to: [ORLY, MEAUX], files: [{ for: [0] }, { for: [0, 1], size: 400 }] });
    const { cases, attachments } = (await send(partners.dgsPartner, body)).json;
    assert.equal((await read(world.orly, cases[0].id)).attachments.length, 2);
    const [only] = (await read(world.meaux, cases[1].id)).attachments;
    assert.deepEqual([only.id, only.size], [attachments[1].id, 400]);
  });
});

describe('an idempotency key', () => {
  it('answers the same to the same, and tells nobody twice', async () => {
    const [body, key] = [deposit({ to: [ORLY, MEAUX] }), randomUUID()];
    const first = await send(world.dgs, body, key);
    const again = await send(world.dgs, body, `"${key}"`);
    assert.deepEqual([again.status, again.text], [201, first.text]);
    assert.deepEqual(
      [first.headers['idempotency-replayed'], again.headers['idempotency-replayed']],
      [undefined, 'true'],
    );
    assert.equal(await listed(world.orly, first.json.cases[0].id), 1);
    assert.equal(await listed(world.meaux, first.json.cases[1].id), 1);
  });

  it('of another request is refused, and nothing of it is done', async () => {
    const key = randomUUID();
    assert.equal((await send(world.dgs, deposit(), key)).status, 201);
    await drain(world.orly);
    isProblem(await send(world.dgs, deposit(), key), 422, 'idempotency-key-reused');
    assert.deepEqual(await notifications(world.orly), []);
  });

  it('is the client’s own', async () => {
    const [body, key] = [deposit(), randomUUID()];
    const [mine, theirs] = [await send(world.dgs, body, key), await send(partners.dgsPartner, body, key)];
    assert.equal(theirs.status, 201);
    assert.notEqual(mine.json.id, theirs.json.id);
  });

  it('of a refused deposit is free for the corrected one', async () => {
    const key = randomUUID();
    isProblem(await send(world.dgs, deposit({ to: [NOWHERE] }), key), 422, 'rules-not-met');
    assert.equal((await send(world.dgs, deposit(), key)).status, 201);
  });

  it('is required, and has a form', async () => {
    const none = await world.dgs.post(`${V1}/folders`, deposit());
    isProblem(none, 428, 'idempotency-key-missing');
    isProblem(await send(world.dgs, deposit(), 'a b'), 400, 'form-invalid');
    isProblem(await send(world.dgs, deposit(), 'k'.repeat(256)), 400, 'form-invalid');
  });

  it('many times at once: one folder, whose every answer is the same or asks to wait', async () => {
    const [body, key] = [deposit({ to: [ORLY, MEAUX] }), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(world.dgs, body, key)));
    const done = answers.filter(({ status }) => status === 201);
    assert.ok(done.length > 0);
    assert.equal(new Set(done.map(({ text }) => text)).size, 1);
    for (const answer of answers.filter((one) => !done.includes(one))) {
      isProblem(answer, 409, 'idempotency-in-progress');
      assert.equal(answer.headers['retry-after'], '1');
    }
    assert.equal(await listed(world.orly, done[0]?.json.cases[0].id), 1);
  });

  it('whatever the rules say meanwhile, what was deposited is answered again', async () => {
    const [body, key] = [deposit({ to: [MEAUX] }), randomUUID()];
    const first = await send(world.dgs, body, key);
    const { json: démarche } = await world.admin.get('/referential/v1/processes/CERTDC');
    await world.admin.put('/referential/v1/processes/CERTDC', { ...démarche, isActivated: false });
    const closed = await send(world.dgs, deposit());
    const again = await send(world.dgs, body, key);
    await world.admin.put('/referential/v1/processes/CERTDC', démarche);
    isProblem(closed, 422, 'rules-not-met');
    assert.deepEqual([again.status, again.text], [201, first.text]);
  });
});

describe('every answer', () => {
  it('says what is left of the client’s quota', async () => {
    const { headers } = await send(world.dgs, deposit());
    assert.equal(headers['ratelimit-policy'], '"client";q=2048;qu="concurrent-requests"');
    assert.equal(headers['ratelimit'], '"client";r=2048');
  });

  it('is a problem too where no route is, and without a token', async () => {
    isProblem(await world.dgs.get(`${V1}/nothing`), 404, 'not-found');
    isProblem(await world.dgs.get(`${V1}/folders`), 405, 'method-not-allowed');
    isProblem(await world.orly.post(`${V1}/folders`, deposit()), 403, 'forbidden');
    isProblem(await partners.dgsReader.post(`${V1}/folders`, deposit()), 403, 'forbidden');
    const { token } = world.dgs;
    world.dgs.token = 'none';
    const answer = await send(world.dgs, deposit());
    world.dgs.token = token;
    isProblem(answer, 401, 'token-invalid');
    assert.equal((await world.dgs.get('/nothing')).json.errors[0].code, 404, 'the contract’s stay as they are');
  });

  it('leads to a page that says what to do', async () => {
    const { type } = (await send(world.dgs, deposit({ to: [NOWHERE] }))).json;
    const page = await world.dgs.call('GET', type, { headers: { Accept: 'text/html' } });
    assert.match(page.text, /<h1>Le dépôt ne respecte pas les règles de la démarche<\/h1>/);
    assert.equal((await world.dgs.get(type)).json.code, 'rules-not-met');
    isProblem(await world.dgs.get(`${V1}/problems/constructor`), 404, 'not-found');
  });

  it('of DILA’s partner for another démarche than its own is a refusal', async () => {
    assert.equal(DILA.type, 'OSL');
    isProblem(await send(partners.dgsOther, deposit()), 403, 'forbidden');
  });
});
