import { deepEqual, equal, ok, throws } from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { it } from 'node:test';
import { projectFolder } from '#ops/place.ts';
import { divided, eachDuration, milliseconds } from '#ops/supervision/scale.ts';

const files = globSync('ops/prometheus/*.yml', { cwd: projectFolder });
const read = (file: string): string => readFileSync(join(projectFolder, file), 'utf8');

function durations(text: string): string[] {
  const found: string[] = [];
  eachDuration(text, (duration) => {
    found.push(duration);
    return duration;
  });
  return found;
}

it('reads durations as Prometheus does', () => {
  deepEqual(
    ['90s', '1h30m', '250ms', '3d', '1w'].map(milliseconds),
    [90_000, 5_400_000, 250, 259_200_000, 604_800_000],
  );
});

it('divides windows, subqueries, offsets, for and intervals, and nothing that only looks like one', () => {
  const rule = `
groups:
  - name: 5m # for: 5m
    interval: 30s
    rules:
      - { alert: A, expr: 'sum_over_time(slo:ratio5m{le="5m"}[1h:1m] offset 1d) > 60', for: 2m }
      - alert: B
        # [5m] and « for: 5m » of a text, 1h ago
        expr: rate(x_5m[5m]) / 1e3 > 5 and y[30m:] offset -5m
        for: 1h30m
        annotations: { summary: 'plus de 5 min, depuis 5m' }
`;
  equal(
    divided(rule, 60),
    `
groups:
  - name: 5m # for: 5m
    interval: 500ms
    rules:
      - { alert: A, expr: 'sum_over_time(slo:ratio5m{le="5m"}[60000ms:1000ms] offset 1440000ms) > 60', for: 2000ms }
      - alert: B
        # [5000ms] and « for: 5m » of a text, 1h ago
        expr: rate(x_5m[5000ms]) / 1e3 > 5 and y[30000ms:] offset -5000ms
        for: 90000ms
        annotations: { summary: 'plus de 5 min, depuis 5m' }
`,
  );
});

it('divides each duration of the project’s files by the factor, and changes nothing else', () => {
  ok(files.length >= 4);
  for (const file of files) {
    const [before, after] = [read(file), divided(read(file), 60)];
    const hidden = (text: string): string => eachDuration(text, () => '…');
    equal(hidden(after), hidden(before), file);
    deepEqual(
      durations(after).map(milliseconds),
      durations(before).map((one) => Math.round(milliseconds(one) / 60)),
      file,
    );
    ok(durations(before).length > 0, file);
  }
});

it('leaves no window, offset, for or interval of the rules as it was', () => {
  // Whatever has the form of a duration in a rule, but in names, texts and comments, must have been found.
  for (const file of ['ops/prometheus/rules.yml', 'ops/prometheus/alerts.yml']) {
    const rest = divided(read(file), 60)
      .replace(/^\s*#.*$/gm, '')
      .replace(/^ +(?:summary|impact): >-\n.*$/gm, '')
      .replace(/\b[a-z_]+:[a-z:_]+\d+[smhdwy]\b|- record: \S+/g, '');
    deepEqual(rest.match(/(?<![\w.])\d+(?:s|m|h|d|w|y)\b/g), null, file);
  }
});

it('refuses to make time slower, and leaves the time of production alone', () => {
  throws(() => divided('for: 5m', 0.5), RangeError);
  equal(divided('    for: 5m', 1), '    for: 5m');
});
