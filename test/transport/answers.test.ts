import assert from 'node:assert/strict';
import { once as event } from 'node:events';
import { describe, it } from 'node:test';
import { HttpError } from '#api/server/errors.ts';
import type { Reply } from '#api/server/types.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { Fixture, route, settled, until } from './fixture.ts';
import { once, Raw } from './raw.ts';

const MB = 1024 * 1024;
const serve = (handler: () => Reply | Promise<Reply>) => Fixture.start([route({ method: 'GET', path: '/', handler })]);

/** Batches of `size` elements, told how many were made and whether the maker was released. */
function batches(count: number, element: string, size = 10) {
  const made = { count: 0, released: false };
  async function* items(): AsyncGenerator<string[]> {
    try {
      for (let n = 0; n < count; n += 1) {
        made.count += 1;
        yield new Array<string>(size).fill(element);
      }
    } finally {
      made.released = true;
    }
  }
  return { made, items };
}

describe('faults', () => {
  it('answers 500 in the envelope to whatever a handler throws, and lives on', async () => {
    const thrown = [new Error('secret of the inside'), 'a string', undefined, null, new RangeError('x')];
    let turn = 0;
    const handlers = [
      () => {
        throw thrown[turn++ % thrown.length];
      },
      async () => {
        throw thrown[turn++ % thrown.length];
      },
    ];
    for (const handler of handlers) {
      const fixture = await serve(handler as () => Promise<Reply>);
      for (const _ of thrown) {
        const answer = await once(fixture.port, 'GET /');
        assert.equal(answer.phrase, 'Internal Server Error');
        assert.equal(answer.body, '{"errors":[{"code":500,"message":"Internal Server Error"}]}');
      }
      assert.equal(fixture.lines.filter(({ msg }) => msg === 'http.fault').length, thrown.length);
      await fixture.server.close();
    }
  });

  it('answers 500 when an answer cannot be written: no JSON, a failing first batch or chunk', async () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    const failing = async function* (): AsyncGenerator<never> {
      yield* [];
      throw new Error('the disk is gone');
    };
    const replies: Reply[] = [
      { status: 200, json: cycle },
      { status: 200, json: 1n },
      { status: 200, items: failing() },
      { status: 200, bytes: { length: 10, read: failing } },
    ];
    for (const reply of replies) {
      const fixture = await serve(() => reply);
      assert.equal((await once(fixture.port, 'GET /')).status, 500);
      assert.equal(fixture.faults.length, 1);
      await fixture.server.close();
    }
  });

  it('cuts the connection when a stream fails after it began, or is not as long as announced', async () => {
    async function* late(): AsyncGenerator<string[]> {
      yield ['1'];
      yield ['2'];
      throw new Error('late');
    }
    async function* short(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('only this');
    }
    const replies: Reply[] = [
      { status: 200, items: late() },
      { status: 200, bytes: { length: 100, read: short } },
      { status: 200, bytes: { length: 3, read: short } },
    ];
    for (const reply of replies) {
      const fixture = await serve(() => reply);
      const raw = await Raw.open(fixture.port);
      await raw.ask('GET /');
      await raw.closed();
      assert.equal(fixture.faults.length, 1);
      assert.doesNotMatch(raw.pending, /\r\n0\r\n\r\n$/, 'nothing that looks complete');
      await until(() => fixture.server.inFlight === 0);
      await fixture.server.close();
    }
  });

  it('gives refusals their status, their code and Retry-After', async () => {
    const cases: [Error, number, number, string | undefined][] = [
      [new HttpError(401, 'no', 900901), 401, 900901, undefined],
      [new DomainError('caseUnknown'), 404, 404, undefined],
      [new DomainError('busy'), 503, 503, '1'],
      [new DomainError('tooMany'), 429, 429, '1'],
      [new HttpError(503, 'no'), 503, 503, '1'],
    ];
    for (const [error, status, code, retry] of cases) {
      const fixture = await serve(() => {
        throw error;
      });
      const answer = await once(fixture.port, 'GET /');
      assert.equal(answer.status, status);
      assert.deepEqual(JSON.parse(answer.body), { errors: [{ code, message: error.message }] });
      assert.equal(answer.headers['retry-after'], retry);
      assert.deepEqual(fixture.faults, []);
      await fixture.server.close();
    }
  });
});

describe('streamed lists', () => {
  it('sends short lists whole, with their length', async () => {
    for (const [count, text] of [
      [0, '[]'],
      [1, '[1,1]'],
    ] as const) {
      const { items } = batches(count, '1', 2);
      const fixture = await serve(() => ({ status: 200, headers: { 'Content-Range': 'x 0-1/2' }, items: items() }));
      const answer = await once(fixture.port, 'GET /');
      assert.equal(answer.body, text);
      assert.equal(answer.headers['content-length'], String(text.length));
      assert.equal(answer.headers['content-range'], 'x 0-1/2');
      await fixture.server.close();
    }
  });

  it('sends long lists in chunks that make one array, empty batches left out', async () => {
    async function* items(): AsyncGenerator<string[]> {
      for (let n = 0; n < 300; n += 1) yield n % 3 === 0 ? [] : [String(n), `"${'é'.repeat(n)}"`];
    }
    const fixture = await serve(() => ({ status: 200, items: items() }));
    const answer = await once(fixture.port, 'GET /');
    assert.equal(answer.headers['transfer-encoding'], 'chunked');
    assert.equal(JSON.parse(answer.body).length, 400);
    await fixture.server.close();
  });

  it('makes no more than a client reads, and cuts one that never reads', async () => {
    const { made, items } = batches(10_000, `"${'a'.repeat(MB / 10)}"`);
    const fixture = await serve(() => ({ status: 200, items: items() }));
    const raw = await Raw.open(fixture.port);
    raw.socket.pause();
    await raw.ask('GET /');
    await until(() => made.count > 2 && fixture.server.watched === 1);
    await settled(() => made.count);
    assert.equal(made.count < 200, true, `${made.count} MB made for nobody`);
    fixture.pass(8999);
    assert.equal(made.released, false);
    fixture.pass(1);
    await until(() => fixture.server.inFlight === 0);
    assert.equal(made.released, true);
    assert.equal(fixture.server.watched, 0);
    assert.deepEqual(fixture.faults, []);
    raw.drop();
    await fixture.server.close();
  });

  it('goes on for a client that reads slowly, as long as it reads', async () => {
    const { made, items } = batches(50, `"${'a'.repeat(MB / 10)}"`);
    const fixture = await serve(() => ({ status: 200, items: items() }));
    const raw = await Raw.open(fixture.port);
    raw.socket.pause();
    await raw.ask('GET /');
    await until(() => fixture.server.watched === 1);
    for (let pause = 0; pause < 4; pause += 1) {
      fixture.pass(8000);
      for (const before = made.count; made.count === before; ) {
        raw.socket.resume();
        await event(raw.socket, 'data');
        raw.socket.pause();
      }
    }
    raw.socket.resume();
    await until(() => fixture.server.inFlight === 0);
    assert.equal(JSON.parse((await raw.answer())?.body ?? '').length, 500);
    raw.drop();
    await fixture.server.close();
  });

  it('releases the maker when the client leaves', async () => {
    const { made, items } = batches(10_000, `"${'a'.repeat(MB / 10)}"`);
    const fixture = await serve(() => ({ status: 200, items: items() }));
    const raw = await Raw.open(fixture.port);
    await raw.ask('GET /');
    await event(raw.socket, 'data');
    raw.drop();
    await until(() => made.released && fixture.server.inFlight === 0);
    assert.deepEqual(fixture.faults, []);
    assert.equal(fixture.lines.at(-1)?.['status'], 499);
    await fixture.server.close();
  });
});

describe('streamed bytes', () => {
  const CHUNK = Buffer.alloc(MB, 'relais');
  const body = (count: number, released: () => void): Reply => ({
    status: 200,
    bytes: {
      length: count * MB,
      async *read() {
        try {
          // one buffer for all, as the disk store does: what was lent must have left before the next pull
          const buffer = Buffer.alloc(MB);
          for (let n = 0; n < count; n += 1) {
            CHUNK.copy(buffer);
            buffer[0] = n;
            yield buffer;
          }
        } finally {
          released();
        }
      },
    },
  });

  it('arrive whole and in order, with their length', async () => {
    let released = 0;
    const fixture = await serve(() => body(40, () => released++));
    const response = await fetch(`http://127.0.0.1:${fixture.port}/`);
    assert.equal(response.headers.get('content-length'), String(40 * MB));
    assert.equal(response.headers.get('content-type'), 'application/octet-stream');
    const bytes = Buffer.from(await response.arrayBuffer());
    for (let n = 0; n < 40; n += 1) {
      const chunk = bytes.subarray(n * MB, (n + 1) * MB);
      assert.equal(chunk[0], n);
      assert.equal(chunk.subarray(1).equals(CHUNK.subarray(1)), true, `megabyte ${n}`);
    }
    assert.equal(released, 1);
    await fixture.server.close();
  });

  it('may be none', async () => {
    const fixture = await serve(() => body(0, () => undefined));
    const answer = await once(fixture.port, 'GET /');
    assert.equal(answer.headers['content-length'], '0');
    await fixture.server.close();
  });

  it('are released when the client leaves, or never reads', async () => {
    let released = 0;
    const fixture = await serve(() => body(1000, () => released++));
    const leaver = await Raw.open(fixture.port);
    await leaver.ask('GET /');
    await event(leaver.socket, 'data');
    leaver.drop();
    await until(() => released === 1 && fixture.server.inFlight === 0);
    const idler = await Raw.open(fixture.port);
    idler.socket.pause();
    await idler.ask('GET /');
    await until(() => fixture.server.watched === 1);
    fixture.pass(9000);
    await until(() => released === 2 && fixture.server.inFlight === 0);
    assert.equal(fixture.server.watched, 0);
    assert.deepEqual(fixture.faults, []);
    idler.drop();
    await fixture.server.close();
  });
});
