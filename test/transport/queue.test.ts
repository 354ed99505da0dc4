import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Budget } from '#api/server/budget.ts';
import { Meter } from '#api/server/meter.ts';
import { Query } from '#api/server/query.ts';
import { ChunkQueue } from '#api/server/queue.ts';
import { SLAB_BYTES, Slabs } from '#api/server/slabs.ts';
import { compileRoute } from '#api/server/table.ts';
import { route } from './fixture.ts';

const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('push' as const), size: fc.integer({ min: 0, max: 2 * SLAB_BYTES }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('shift', 'settle', 'flush', 'clear') }) },
);

describe('the queue of an upload', () => {
  it('gives every byte once and in order, and every slab back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 4 }), (steps, count) => {
        const slabs = new Slabs(count);
        const queue = new ChunkQueue(slabs);
        let next = 0;
        let expected = 0;
        const check = (chunk: Uint8Array): void => {
          for (let at = 0; at < chunk.length; at += 4093) assert.equal(chunk[at], (expected + at) % 251);
          expected += chunk.length;
        };
        for (const each of steps) {
          if (each.kind === 'push') {
            const bytes = Uint8Array.from({ length: each.size }, (_, at) => (next + at) % 251);
            const stored = queue.push(bytes);
            assert.equal(stored === bytes.length || slabs.free === 0, true);
            next += stored;
          } else if (each.kind === 'shift') {
            const chunk = queue.shift();
            if (chunk) check(chunk);
          } else if (each.kind === 'settle') queue.settle();
          else if (each.kind === 'flush') queue.flush(check);
          else expected += queue.clear();
          assert.equal(queue.bytes, next - expected);
        }
        queue.settle();
        queue.clear();
        assert.equal(slabs.free, count);
      }),
      { numRuns: 60 },
    );
  });

  it('does not count what it never took', () => {
    const budget = new Budget(10);
    budget.take(10);
    assert.equal(budget.full, true);
    budget.give(10);
    assert.throws(() => budget.give(1), /more bytes given back/);
    const slabs = new Slabs(1);
    const slab = slabs.take();
    assert.equal(slabs.take(), undefined);
    slabs.give(slab as Uint8Array);
    assert.throws(() => slabs.give(slab as Uint8Array), /twice/);
  });
});

describe('queries', () => {
  it('are read as the contract asks', () => {
    const query = new Query('processCode=A&processCode=B%2CC&lite=true&x&y=&q=a+b%C3%A9&=z');
    assert.deepEqual(query.list('processCode'), ['A', 'B', 'C']);
    assert.deepEqual(query.all('processCode'), ['A', 'B,C']);
    assert.equal(query.one('lite'), 'true');
    assert.equal(query.one('x'), '');
    assert.equal(query.one('q'), 'a bé');
    assert.equal(query.one('absent'), undefined);
    assert.deepEqual(query.names(), ['processCode', 'lite', 'x', 'y', 'q', '']);
    assert.equal(new Query('__proto__=1').one('toString'), undefined);
    for (const text of ['%', '%zz', 'a=%ff', '%C3=1']) assert.throws(() => new Query(text).names(), { status: 400 });
  });

  it('never throw anything but a refusal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          new Query(text).names();
        } catch (error) {
          assert.equal((error as { status?: number }).status, 400);
        }
      }),
    );
  });
});

describe('the meter', () => {
  it('counts by route, status and time, cumulated as Prometheus reads it', async () => {
    const meter = new Meter();
    const compiled = compileRoute(route({ method: 'GET', path: '/a/{b}', handler: () => ({ status: 204 }) }));
    for (const ms of [1, 3, 300, 60_000]) meter.record(compiled, 204, ms);
    meter.record(compiled, 500, 1);
    const { values } = await meter.get();
    const at = (name: string, status: string, le?: string) =>
      values.find((value) => {
        const { metricName, labels } = value as typeof value & { metricName: string };
        return metricName.endsWith(name) && labels['status'] === status && (le === undefined || labels['le'] === le);
      })?.value;
    assert.equal(at('_bucket', '204', '0.002'), 1);
    assert.equal(at('_bucket', '204', '0.5'), 3);
    assert.equal(at('_bucket', '204', '+Inf'), 4);
    assert.equal(at('_count', '204'), 4);
    assert.equal(at('_count', '500'), 1);
    assert.equal(Math.round((at('_sum', '204') ?? 0) * 1000), 60_304);
  });
});
