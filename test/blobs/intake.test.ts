import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Uploads } from '#api/blobs/intake.ts';
import type { Finding, Scanner } from '#api/blobs/scanner.ts';
import { contradicts } from '#api/blobs/signature.ts';
import { fakeRequest } from '../transport/request.ts';
import { attachment, Folder, sha256 } from './folder.ts';

const PDF = Buffer.from('%PDF-1.7\n…');
const XML = 'text/xml';

describe('uploads', () => {
  let folder: Folder;
  const receive = (
    body: Uint8Array,
    announced: { size?: number; mimeType?: string } = {},
    digest = '',
    scanner?: Scanner,
  ) => {
    const request = fakeRequest({ method: 'PUT', path: '/f/a', headers: { digest }, chunks: [body] });
    const { size = body.byteLength, mimeType = XML } = announced;
    return new Uploads(folder.store, scanner).receive(request, { id: attachment(folder.now), size, mimeType });
  };
  beforeEach(async () => {
    folder = await Folder.make();
  });
  afterEach(() => folder.drop());

  it('keeps what is as announced, with its digest', async () => {
    const body = Buffer.from('<xml');
    for (const digest of ['', sha256(body), `SHA-256=${sha256(body)}`, `sha-256=${sha256(body)}`]) {
      const { upload, refusal } = await receive(body, {}, digest);
      assert.equal(refusal, null);
      assert.equal(upload.status, 'RECEIVED');
      assert.equal(upload.sha256, sha256(body));
      assert.equal((await folder.get(upload.blob ?? ''))?.equals(body), true);
    }
  });

  it('rejects, and keeps nothing of, a wrong size, content or digest', async () => {
    const rejected = { status: 'REJECTED', sha256: null, blob: null };
    const wrong: [Promise<unknown>, RegExp][] = [
      [receive(Buffer.from('12345'), { size: 4 }), /^Size does not match with attachment meta-data$/],
      [receive(Buffer.from('12345'), { size: 6 }), /^Size does not match with attachment meta-data$/],
      [receive(Buffer.alloc(0), { size: 6 }), /^Size does not match with attachment meta-data$/],
      [
        receive(Buffer.from('12345'), { mimeType: 'application/pdf' }),
        /^Content does not match with mimeType application\/pdf/,
      ],
      [receive(Buffer.from('12345'), {}, sha256(Buffer.from('54321'))), /^Digest does not match/],
    ];
    for (const [result, sentence] of wrong) {
      const { upload, refusal } = (await result) as { upload: unknown; refusal: string };
      assert.deepEqual(upload, rejected);
      assert.match(refusal, sentence);
    }
    await assert.rejects(receive(Buffer.from('1'), {}, 'abc'), { status: 400, message: /@header.digest\]/ });
    assert.deepEqual(await folder.files(), []);
  });

  it('asks the scanner before the answer, and keeps no infected file', async () => {
    const scanned: string[] = [];
    const scanner = (finding: Finding): Scanner => ({
      begin: () => ({
        update: (chunk) => void scanned.push(Buffer.from(chunk).toString()),
        finding: async () => finding,
      }),
    });
    const { at, upload, refusal } = await receive(PDF, { mimeType: 'application/pdf' }, '', scanner('infected'));
    assert.ok(at <= Date.now());
    assert.deepEqual({ upload, refusal }, { upload: { status: 'CORRUPTED', sha256: null, blob: null }, refusal: null });
    assert.deepEqual(await folder.files(), []);
    assert.deepEqual(scanned, [PDF.toString()]);
    assert.equal((await receive(PDF, {}, '', scanner('clean'))).upload.status, 'RECEIVED');
    assert.equal((await receive(PDF, {}, '', scanner('unscanned'))).upload.status, 'RECEIVED');
  });

  it('judges formats by their signature only, and only those that have one', () => {
    const odt = 'application/vnd.oasis.opendocument.text';
    const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
    const zip = Buffer.from('PK\u0003\u0004....');
    const table: [string, Buffer, boolean][] = [
      ['application/pdf', PDF, false],
      ['Application/PDF; version=1.7', PDF, false],
      ['application/pdf', Buffer.concat([Buffer.alloc(900, ' '), PDF]), false],
      ['application/pdf', zip, true],
      ['application/pdf', Buffer.alloc(0), true],
      ['application/zip', zip, false],
      ['application/zip', Buffer.from('PK\u0005\u0006'), false],
      [odt, zip, false],
      [docx, zip, false],
      [odt, PDF, true],
      ['application/x-zip-compressed', Buffer.from('<xml/>'), true],
      ['text/xml', zip, false],
      ['application/xml', Buffer.from('<tronqu'), false],
      ['application/json', Buffer.from([0, 255]), false],
      ['image/png', PDF, false],
      ['', PDF, false],
    ];
    for (const [type, head, wrong] of table)
      assert.equal(contradicts(type, head), wrong, `${type} ${head.toString('latin1')}`);
  });
});
