import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { MEAUX, NOWHERE, ORLY } from '#test/contract/country.ts';
import { startHub, type World } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';
import { changed, deposit, isProblem, send, V1 } from './calls.ts';

/** Deposits that are refused: a problem each, that says where and why. */

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

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
