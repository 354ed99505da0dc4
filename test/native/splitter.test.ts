import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { partsOf } from '#api/native/multipart.ts';
import { type Line, Splitter } from '#api/native/splitter.ts';
import { Problem } from '#api/server/problems.ts';

/** Bytes cut anywhere are the same lines, and the same parts. */

const split = (pieces: readonly Uint8Array[], limit?: number): Line[] => {
  const splitter = new Splitter(limit);
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.rest()];
};

it('lines are the same however their bytes come', () => {
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.replace(/[\r\n]/g, '')));
  fc.assert(
    fc.property(texts, fc.constantFrom('\n', '\r\n'), fc.array(fc.nat({ max: 9 })), (lines, end, cuts) => {
      const bytes = Buffer.from(lines.map((line) => line + end).join(''));
      const pieces: Buffer[] = [];
      for (let at = 0, n = 0; at < bytes.length; n += 1) {
        const to = at + (cuts[n % Math.max(cuts.length, 1)] ?? bytes.length) + 1;
        pieces.push(bytes.subarray(at, to));
        at = to;
      }
      const expected = lines.flatMap((text, index) => (text === '' ? [] : [{ number: index + 1, text }]));
      // a half character is written as a whole one, which is what the line then says
      const readable = expected.map(({ number, text }) => ({ number, text: Buffer.from(text).toString() }));
      assert.deepEqual(split(pieces), readable);
    }),
  );
});

it('the last line needs no end; one too long, or not UTF-8, has no text', () => {
  assert.deepEqual(split([Buffer.from('a\nb')]), [
    { number: 1, text: 'a' },
    { number: 2, text: 'b' },
  ]);
  assert.deepEqual(split([Buffer.from('abc'), Buffer.from('def\nok\n')], 5), [
    { number: 1, unread: 'too-long' },
    { number: 2, text: 'ok' },
  ]);
  assert.deepEqual(split([Buffer.from([0xff, 10])]), [{ number: 1, unread: 'not-utf8' }]);
});

it('what was lent may change as soon as it was pushed', () => {
  const splitter = new Splitter();
  const lent = Buffer.from('ab');
  splitter.push(lent);
  lent.fill('x');
  assert.deepEqual(splitter.push(Buffer.from('c\n')), [{ number: 1, text: 'abc' }]);
});

const form = (boundary: string, ...parts: string[]): Buffer =>
  Buffer.from(`${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`);

it('parts of a form: names, types and bytes as they are', () => {
  const body = form(
    'b',
    'Content-Disposition: form-data; name="folder"\r\nContent-Type: application/json\r\n\r\n{"a":"--b"}',
    'content-disposition: form-data; filename="x; name=y.pdf"; name="file"\r\n\r\n\r\n--\r\n',
    'Content-Disposition: form-data; name="empty"\r\n\r\n',
  );
  assert.deepEqual(
    partsOf('multipart/form-data; boundary="b"', body).map(({ bytes, ...rest }) => ({
      ...rest,
      text: bytes.toString(),
    })),
    [
      { name: 'folder', contentType: 'application/json', text: '{"a":"--b"}' },
      { name: 'file', contentType: '', text: '\r\n--\r\n' },
      { name: 'empty', contentType: '', text: '' },
    ],
  );
});

it('anything else is refused, not guessed', () => {
  const head = 'Content-Disposition: form-data; name="a"\r\n\r\n';
  const wrong = [
    Buffer.alloc(0),
    Buffer.from('--b'),
    Buffer.from(`--b\r\n${head}x`),
    Buffer.from(`--bb\r\n${head}x\r\n--bb--`),
    form('b', 'Content-Type: text/plain\r\n\r\nx'),
    form('b', `X: ${'y'.repeat(5000)}\r\n${head}x`),
    Buffer.from(`--b\r\n${head}x\r\n--bc\r\n`),
  ];
  for (const body of wrong) assert.throws(() => partsOf('multipart/form-data; boundary=b', body), Problem);
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      try {
        partsOf('multipart/form-data; boundary=b', Buffer.from(bytes));
      } catch (error) {
        assert(error instanceof Problem);
      }
    }),
  );
});
