import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { contradicts } from '#api/blobs/signature.ts';
import { DGS, process as démarche, folder, pdf } from '#test/contract/country.ts';
import { startHub, type World } from '#test/contract/hub.ts';
import type { Called, Json } from '#test/contract/wire.ts';

/** Files that are two things at once, or much more than they seem: kept as they are, given back as mere bytes. */

const API = '/teledossiers/v1';
const HTML = '<!doctype html><script>fetch("/admin/v1/clients")</script>';
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
/** 100 MB of zeros in 100 kB: whoever unpacks it pays, and the hub never does. */
const BOMB = Buffer.concat([Buffer.from('PK\u0003\u0004', 'latin1'), deflateRawSync(Buffer.alloc(100 * 1024 * 1024))]);
const XXE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>';

const FILES: Record<string, [mimeType: string, bytes: Buffer]> = {
  'a page that is a PDF too': ['application/pdf', Buffer.from(`${HTML}\n%PDF-1.4\n`)],
  'a PDF that is an archive too': ['application/pdf', Buffer.concat([pdf(50), BOMB])],
  'an archive of zeros': ['application/zip', BOMB],
  'an archive that says it is XML': ['application/xml', BOMB],
  'a page that says it is XML': ['text/xml', Buffer.from(HTML)],
  'an image with a script': ['image/svg+xml', Buffer.from(SVG)],
  'a document that reads files': ['application/xml', Buffer.from(XXE)],
  'a page': ['text/html', Buffer.from(HTML)],
};

let world: World;
before(async () => {
  world = await startHub();
  const formats = [...new Set(Object.values(FILES).map(([type]) => type))];
  const changes = { attachmentFormatsEnabled: formats };
  await world.admin.put('/referential/v1/processes/CERTDC', démarche('CERTDC', DGS, changes));
});
after(() => world.stop());

async function exchanged(
  mimeType: string,
  bytes: Buffer,
): Promise<{ uploaded: Called; downloaded: () => Promise<Called[]> }> {
  const fileName = '"><script>alert(1)</script>\r\nX-Evil: 1.html';
  const body = folder({ files: [{ mimeType, fileName, size: bytes.length }] });
  const made: Json = (await world.dgs.post(`${API}/folders`, body)).json;
  const [file, case_] = [made.attachments[0], made.cases[0]];
  const uploaded = await world.dgs.upload(`${API}/folders/${made.id}/attachments/${file.id}`, bytes);
  const path = `${API}/cases/${case_.id}/attachments/${file.id}`;
  return {
    uploaded,
    downloaded: async () => {
      await world.dgs.patch(`${API}/folders/${made.id}`, { globalStatus: 'HUBEE_COMPLETED' });
      const part = world.orly.call('GET', path, { headers: { Range: 'bytes=0-9', Accept: 'text/html' } });
      return [await world.orly.get(path), await part];
    },
  };
}

describe('a file', () => {
  for (const [name, [mimeType, bytes]] of Object.entries(FILES)) {
    it(`${name}: given back byte for byte, as nothing a browser runs`, async () => {
      const { uploaded, downloaded } = await exchanged(mimeType, bytes);
      assert.equal(uploaded.status, 204, uploaded.text);
      const [whole, part] = (await downloaded()) as [Called, Called];
      assert.equal(whole.bytes.equals(bytes), true);
      assert.equal(part.status, 206);
      for (const { headers } of [whole, part]) {
        assert.equal(headers['content-type'], 'application/octet-stream');
        assert.equal(headers['content-disposition'], 'attachment', 'without the sender’s text');
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.match(String(headers['content-security-policy']), /default-src 'none'.*sandbox/);
        assert.equal(headers['cache-control'], 'no-store');
        assert.equal(headers['x-evil'], undefined);
      }
    });
  }

  it('that is not what it says is refused by its first bytes, however the type is spelled', async () => {
    const { uploaded } = await exchanged('application/pdf', Buffer.from(HTML));
    assert.equal(uploaded.status, 400);
    for (const type of ['application/pdf', 'Application/PDF', 'application/pdf;x=y', ' application/pdf ']) {
      assert.equal(contradicts(type, Buffer.from(HTML)), true, type);
    }
    for (const type of ['application/zip', 'application/vnd.oasis.opendocument.text']) {
      assert.equal(
        contradicts(type, Buffer.from(`${HTML}PK\u0003\u0004`)),
        true,
        'an archive begins with its signature',
      );
    }
    assert.equal(contradicts('application/pdf', Buffer.from(`${' '.repeat(2000)}%PDF-`).subarray(0, 1024)), true);
  });
});
