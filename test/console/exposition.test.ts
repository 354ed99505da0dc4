import { deepEqual, equal, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Exposition, grown, parse, quantile } from '#ops/console/exposition.ts';

describe('what /metrics says', () => {
  it('is read as prom-client writes it, whatever stands in a label', async () => {
    const registry = new Registry();
    const registers = [registry];
    const odd = 'a "quoted" \\ back\nslash, {x="y"} ';
    new Gauge({ name: 'odd', help: 'h', labelNames: ['label', 'other'], registers }).set(
      { label: odd, other: 'é' },
      -1.5e-7,
    );
    new Gauge({ name: 'plain', help: 'h', registers }).set(Number.POSITIVE_INFINITY);
    deepEqual(parse(await registry.metrics()), [
      { name: 'odd', labels: { label: odd, other: 'é' }, value: -1.5e-7 },
      { name: 'plain', labels: {}, value: Number.POSITIVE_INFINITY },
    ]);
    throws(() => parse('<html>'), /not a line of metrics: <html>/);
  });

  it('gives sums over processes, growth between two looks, and quantiles of what came between', async () => {
    const registry = new Registry();
    const registers = [registry];
    const counter = new Counter({ name: 'c_total', help: 'h', labelNames: ['status'], registers });
    const histogram = new Histogram({ name: 't', help: 'h', buckets: [1, 5, 60], registers });
    const seen = async () => new Exposition([...parse(await registry.metrics()), ...parse('c_total{status="200"} 7')]);
    counter.inc({ status: '200' }, 3);
    counter.inc({ status: '503' }, 1);
    histogram.observe(100);
    const before = await seen();
    counter.inc({ status: '503' }, 4);
    for (let i = 0; i < 98; i += 1) histogram.observe(0.5);
    for (let i = 0; i < 2; i += 1) histogram.observe(30);
    const now = await seen();
    equal(now.sum('c_total'), 15);
    equal(now.max('c_total'), 7);
    equal(now.sum('nothing'), undefined);
    equal(grown(now, before, 'c_total'), 4);
    equal(
      grown(now, before, 'c_total', ({ status }) => status === '200'),
      0,
    );
    equal(grown(before, now, 'c_total'), 11, 'one that began anew counts from nothing');
    deepEqual(
      [0.5, 0.98, 0.99].map((share) => quantile(now, before, 't', share)),
      [1, 1, 60],
    );
    equal(quantile(now, now, 't', 0.5), undefined);
  });
});
