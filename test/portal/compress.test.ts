import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { compressed } from '#lib/server/compress.ts';

const PAGE = `<p>${'Un dossier. '.repeat(500)}</p>`;
const html = (body: string | null = PAGE, headers: Record<string, string> = {}): Response =>
  new Response(body, { headers: { 'content-type': 'text/html', ...headers } });
const asked = (accept?: string): Request =>
  new Request('http://localhost/', accept === undefined ? {} : { headers: { 'accept-encoding': accept } });
const bytes = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

describe('a page', () => {
  it('is sent in the best encoding that is accepted', async () => {
    const brotli = await compressed(asked('gzip, deflate, br'), html());
    assert.equal(brotli.headers.get('content-encoding'), 'br');
    const body = await bytes(brotli);
    assert.equal(brotli.headers.get('content-length'), String(body.length));
    assert.equal(brotliDecompressSync(body).toString(), PAGE);
    const gzip = await compressed(asked('gzip'), html());
    assert.equal(gunzipSync(await bytes(gzip)).toString(), PAGE);
    for (const { headers } of [brotli, gzip]) assert.match(headers.get('vary') ?? '', /Accept-Encoding/);
  });

  it('is sent as it is to who does not say so, or refuses', async () => {
    for (const accept of [undefined, '', 'br;q=0, gzip;q=0.0', 'identity', 'brotli']) {
      const response = await compressed(asked(accept), html());
      assert.equal(response.headers.get('content-encoding'), null, accept);
      assert.equal((await bytes(response)).toString(), PAGE);
    }
  });

  it('keeps its status and headers, and is not compressed when it is short', async () => {
    const headers = { 'content-type': 'text/html', 'cache-control': 'no-store' };
    const response = await compressed(asked('br'), new Response('<p>court</p>', { status: 404, headers }));
    assert.deepEqual([response.status, response.headers.get('cache-control')], [404, 'no-store']);
    assert.equal(response.headers.get('content-encoding'), null);
    assert.equal((await bytes(response)).toString(), '<p>court</p>');
  });
});

describe('what is not a page', () => {
  it('is left alone', async () => {
    const kinds: Record<string, string>[] = [
      { 'content-type': 'application/pdf' },
      { 'content-type': 'text/event-stream' },
      { 'content-type': 'application/json', 'content-disposition': 'attachment' },
      { 'content-encoding': 'gzip' },
    ];
    for (const headers of kinds) {
      const response = html(PAGE, headers);
      assert.equal(await compressed(asked('br'), response), response, JSON.stringify(headers));
    }
    const empty = new Response(null, { status: 304, headers: { 'content-type': 'text/html' } });
    assert.equal(await compressed(asked('br'), empty), empty);
  });
});
