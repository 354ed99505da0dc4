import { deepEqual, equal, ok } from 'node:assert/strict';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { written } from '#ops/grafana/board.ts';
import { BOARDS, fileOf } from '#ops/grafana/boards.ts';
import { COLUMNS } from '#ops/grafana/panel.ts';
import { projectFolder } from '#ops/place.ts';
import { PROMETHEUS, tool } from '#test/alerts/alerts.ts';
import { declared, metricsOf } from '#test/alerts/expression.ts';

const scratch = mkdtempSync(join(tmpdir(), 'relais boards '));
after(() => rmSync(scratch, { recursive: true }));

const expressions = BOARDS.flatMap(({ uid, panels }) =>
  panels.flatMap(({ title, queries }) => queries.map(({ expr }) => ({ uid, title, expr }))),
);
/** Made by Prometheus. */
const ITS_OWN = new Set(['up', 'ALERTS']);
/** What Grafana puts in its place. */
const plain = (expr: string): string => expr.replaceAll('$__rate_interval', '5m');

describe('dashboards', () => {
  it('are the files that are there, and no other', () => {
    const anew =
      'write them anew: ./hub exec node ops/grafana/boards.ts, then ./hub exec biome format --write ops/grafana';
    for (const board of BOARDS)
      deepEqual(JSON.parse(readFileSync(fileOf(board), 'utf8')), JSON.parse(written(board)), anew);
    const files = globSync('*.json', { cwd: join(projectFolder, 'ops/grafana') }).sort();
    deepEqual(files, BOARDS.map(({ uid }) => `${uid}.json`).sort());
  });

  it('are those that alerts lead to', () => {
    const known = new Set(BOARDS.map(({ uid }) => uid));
    const alerts = readFileSync(join(PROMETHEUS, 'alerts.yml'), 'utf8');
    const led = [...alerts.matchAll(/dashboard: ['"].*\/d\/([\w-]+)['"]/g)].map(([, uid]) => uid as string);
    ok(led.length > 20);
    deepEqual(
      led.filter((uid) => !known.has(uid)),
      [],
    );
  });

  it('ask for metrics that docs/metrics.md or a recording has, or prom-client', () => {
    const known = readFileSync(join(projectFolder, 'docs/metrics.md'), 'utf8');
    const recorded = readFileSync(join(PROMETHEUS, 'rules.yml'), 'utf8');
    const exists = (name: string): boolean =>
      ITS_OWN.has(name) ||
      recorded.includes(`record: ${name}\n`) ||
      known.includes(`\`${declared(name)}\``) ||
      /^(?:process|nodejs)_/.test(name);
    ok(expressions.length > 80);
    deepEqual(
      expressions.flatMap(({ uid, title, expr }) =>
        metricsOf(expr)
          .filter((name) => !exists(name))
          .map((name) => `${uid} · ${title}: ${name}`),
      ),
      [],
    );
  });

  it('hold expressions that Prometheus reads', () => {
    const file = join(scratch, 'boards.yml');
    const entries = expressions.map(
      ({ expr }, index) => `      - { record: 'board:${index}', expr: ${JSON.stringify(plain(expr))} }\n`,
    );
    const head = 'groups:\n  - name: boards\n    rules:\n';
    writeFileSync(file, head + entries.join(''));
    const { code, text } = tool('promtool', 'check', 'rules', file);
    equal(code, 0, text);
    ok(text.includes(`SUCCESS: ${expressions.length} rules found`), text);
    writeFileSync(file, `${head}      - { record: 'board:0', expr: 'sum(up' }\n`);
    equal(tool('promtool', 'check', 'rules', file).code, 1, 'this test could not fail');
  });

  it('lie on a grid without overlap, each figure with a unit and each curve with a name', () => {
    for (const board of BOARDS) {
      const { panels } = JSON.parse(written(board)) as {
        panels: { id: number; title: string; gridPos: { x: number; y: number; w: number; h: number } }[];
      };
      const taken = new Set<string>();
      for (const { title, gridPos } of panels)
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            ok(x < COLUMNS && !taken.has(`${x} ${y}`), `${board.uid} · ${title}`);
            taken.add(`${x} ${y}`);
          }
      for (const { kind, title, queries } of board.panels)
        ok(kind !== 'timeseries' || queries.every(({ legend }) => legend !== ''), title);
    }
  });
});
