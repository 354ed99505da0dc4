import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { page } from '#bench/page.ts';
import { plot } from '#bench/plot.ts';
import type { Result } from '#bench/results.ts';

const run = (bench: string, day: number, value: number): Result => ({
  bench,
  at: `2026-11-${day}T10:00:00.000Z`,
  commit: `c${day}`,
  machine: '2 cores (x), 24 GiB, Node 22, Redis 7',
  settings: 'some settings.',
  figures: [{ name: 'asks', value, unit: '/s', aim: { atLeast: 100 } }],
  series: [
    { at: 0, count: 5, p50: 1, p99: 2 },
    { at: 1, count: 6, p50: 1, p99: 3 },
  ],
  keep: true,
});

describe('the page of results', () => {
  it('shows the last run of each bench, and those before in lines', () => {
    const text = page('', [run('ask', 12, 150), run('ask', 11, 50), run('drain', 11, 7)], true);
    assert.match(text, /## ask\n\n2026-11-12T.*\n.*\n\n.*\n.*\n\| asks \| 150 \/s \| ≥ 100 \/s \| met \|/);
    assert.equal(text.match(/^## ask$/gm)?.length, 1);
    assert.match(text, /\| 2026-11-11 10:00 \| ask \| c11 \| 2 cores \(x\), 24 GiB \| asks: 50\.0 \/s \|/);
    assert.doesNotMatch(text, /\| 2026-11-12 10:00 \|/);
  });

  it('keeps what it had, whatever files are here, and writes the same twice', () => {
    const before = page('', [run('ask', 11, 50), run('drain', 11, 7)], true);
    const text = page(before, [run('ask', 12, 150)], true);
    assert.match(text, /## drain\n\n2026-11-11/);
    assert.match(text, /\| 2026-11-11 10:00 \| ask \|/);
    assert.equal(page(text, [run('ask', 12, 150)], true), text);
  });

  it('keeps sections that are no bench, even behind the history', () => {
    const chaos = '\n## chaos\n\n| fault | times |\n| - | - |\n| kill | 1 |\n';
    const before = page(page('', [run('ask', 11, 1), run('ask', 12, 2)], true) + chaos, [], true);
    const text = page(before + chaos, [], true);
    assert.equal(text.match(/^## chaos$/gm)?.length, 2);
    assert.ok(text.indexOf('## chaos') < text.indexOf('## History'));
  });

  it('draws a row a bench', () => {
    const svg = plot([run('ask', 12, 1), { ...run('drain', 12, 1), series: [] }]);
    assert.equal(svg.match(/<polyline/g)?.length, 3);
    assert.doesNotMatch(svg, /drain|NaN/);
  });

  it('keeps the rows of benches that were not run again, and draws each once', () => {
    const before = plot([run('ask', 11, 1), run('drain', 11, 1)]);
    const svg = plot([run('ask', 12, 1), run('bulk', 12, 1)], before);
    assert.deepEqual(
      [...svg.matchAll(/<g id="([a-z]+)"/g)].map(([, bench]) => bench),
      ['ask', 'bulk', 'drain'],
    );
    assert.equal(svg.match(/<polyline/g)?.length, 9);
    assert.ok(svg.indexOf(run('ask', 12, 1).at.slice(0, 10)) > 0 && svg.match(/ask, /g)?.length === 2, 'title and row');
    assert.equal(plot([], svg), svg);
  });
});
