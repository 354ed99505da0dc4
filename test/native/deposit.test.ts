import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { DILA, LENS, MEAUX, NOWHERE, ORLY, pdf } from '#test/contract/country.ts';
import { drain, enrolPartners, notifications, startHub, type World } from '#test/contract/hub.ts';
import type { Called, Json, Partner } from '#test/contract/wire.ts';
import { deposit, send, V1 } from './calls.ts';

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

function isProblem(answer: Called, status: number, code: string): Json {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const { json } = answer;
  assert.equal(json.type, `/relais/v1/problems/${code}`);
  assert.equal(json.status, status);
  assert.equal(json.correlationId, answer.headers['x-request-id']);
  assert.match(json.action, /[a-zà-ÿ]\.$/);
  return json;
}

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
    isProblem(await send(world.dgs, deposit({ to: [LENS] }), key), 422, 'rules-not-met');
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

const changed = (change: (body: Json) => void, plan = {}): Json => {
  const body = deposit(plan);
  change(body);
  return body;
};
const REFUSED: [name: string, body: () => Json, status: number, code: string, pointer?: string][] = [
  ['a body that is none', () => [], 400, 'form-invalid', ''],
  ['no applicant', () => changed((body) => delete body.applicant), 400, 'form-invalid', ''],
  [
    'a SIRET that is none',
    () => changed((b) => (b.cases[0].recipient.companyRegister = '1')),
    400,
    'form-invalid',
    '/cases/0/recipient/companyRegister',
  ],
  ['an unknown démarche', () => deposit({ processCode: 'RIEN' }), 422, 'rules-not-met', '/processCode'],
  ['the démarche of another', () => deposit({ processCode: 'EtatCivil' }), 403, 'forbidden'],
  ['an unknown recipient', () => deposit({ to: [ORLY, NOWHERE] }), 422, 'rules-not-met', '/cases/1/recipient'],
  ['a recipient that is not subscribed', () => deposit({ to: [LENS] }), 422, 'rules-not-met', '/cases/0/recipient'],
  [
    'a case without a file',
    () => deposit({ to: [ORLY, MEAUX], files: [{ for: [0] }] }),
    422,
    'rules-not-met',
    '/cases/1',
  ],
  [
    'two cases of one number',
    () =>
      changed(
        (b) => {
          b.cases[1].externalId = b.cases[0].externalId;
          delete b.attachments[0].recipients;
        },
        { to: [ORLY, MEAUX] },
      ),
    422,
    'rules-not-met',
    '/cases/1/externalId',
  ],
  [
    'a file for nobody',
    () => changed((b) => (b.attachments[0].recipients = ['x'])),
    422,
    'rules-not-met',
    '/attachments/0/recipients/0',
  ],
  [
    'a type the démarche does not know',
    () => deposit({ files: [{ type: 'x' }] }),
    422,
    'rules-not-met',
    '/attachments/0/type',
  ],
  [
    'a format it does not take',
    () => deposit({ files: [{ mimeType: 'text/plain' }] }),
    422,
    'rules-not-met',
    '/attachments/0/mimeType',
  ],
  [
    'content that is no PDF',
    () => changed((b) => (b.attachments[0].content = 'AAAA')),
    422,
    'rules-not-met',
    '/attachments/0/mimeType',
  ],
  [
    'content that is no base64',
    () => changed((b) => (b.attachments[0].content = 'JVBERi0x!')),
    422,
    'rules-not-met',
    '/attachments/0/content',
  ],
  ['another size', () => changed((b) => (b.attachments[0].size = 1)), 422, 'rules-not-met', '/attachments/0/size'],
  ['no source', () => changed((b) => delete b.attachments[0].content), 422, 'rules-not-met', '/attachments/0'],
  ['two sources', () => changed((b) => (b.attachments[0].part = 'x')), 422, 'rules-not-met', '/attachments/0'],
  [
    'a part that is not there',
    () =>
      changed((b) => {
        delete b.attachments[0].content;
        b.attachments[0].part = 'x';
      }),
    422,
    'rules-not-met',
    '/attachments/0/part',
  ],
  [
    'a file that was not sent',
    () =>
      changed((b) => {
        delete b.attachments[0].content;
        b.attachments[0].file = randomUUID();
      }),
    422,
    'rules-not-met',
    '/attachments/0/file',
  ],
  ['1,001 attachments', () => changed((b) => (b.attachments = Array(1001).fill(b.attachments[0]))), 413, 'too-large'],
];
describe('refused, in French, at its place', () => {
  for (const [name, body, status, code, pointer] of REFUSED) {
    it(name, async () => {
      const problem = isProblem(await send(world.dgs, body()), status, code);
      if (pointer !== undefined)
        assert.deepEqual(
          problem.errors?.map((one: Json) => one.pointer),
          [pointer],
          JSON.stringify(problem),
        );
    });
  }

  it('JSON that is none, and other types', async () => {
    const post = (body: string, type: string) =>
      world.dgs.call('POST', `${V1}/folders`, { body, headers: { 'Content-Type': type, 'Idempotency-Key': 'k' } });
    isProblem(await post('{"a":', 'application/json'), 400, 'form-invalid');
    isProblem(await post('', 'application/json'), 400, 'form-invalid');
    isProblem(await post('<a/>', 'application/xml'), 415, 'media-type-unsupported');
    isProblem(await post('x', 'multipart/form-data'), 400, 'form-invalid');
    isProblem(await post('x', 'multipart/form-data; boundary=b'), 400, 'form-invalid');
    isProblem(
      await post('--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx', 'multipart/form-data; boundary=b'),
      400,
      'form-invalid',
    );
    isProblem(
      await post(
        '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--',
        'multipart/form-data; boundary=b',
      ),
      400,
      'form-invalid',
    );
  });
});

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
    const { type } = (await send(world.dgs, deposit({ to: [LENS] }))).json;
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
