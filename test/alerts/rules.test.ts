import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { projectFolder } from '#ops/place.ts';
import { supervisionBinary } from '#ops/supervision/binaries.ts';
import { PROMETHEUS, rules, tool } from './alerts.ts';

const files = globSync('tests/*.yml', { cwd: PROMETHEUS }).sort();

/** What the tests of one alert expect, in the order they are written. */
interface Expectation {
  alert: string;
  /** name of the test */
  test: string;
  /** texts of the alerts that are expected; empty: none is */
  fires: string;
}

function expectations(): Expectation[] {
  return files.flatMap((file) =>
    readFileSync(join(PROMETHEUS, file), 'utf8')
      .split(/^ {2}- name: /m)
      .slice(1)
      .flatMap((test) =>
        test
          .split(/^ {6}- eval_time: /m)
          .slice(1)
          .map((part) => ({
            alert: /alertname: (\w+)/.exec(part)?.[1] ?? '',
            test: /^'(.*)'/.exec(test)?.[1] ?? '',
            fires: part.includes('exp_alerts: []') ? '' : part,
          })),
      ),
  );
}

/** promtool, several files at a time: days pass in some. @returns what it said of the files that failed */
async function played(): Promise<string[]> {
  const waiting = [...files];
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const child = spawn(supervisionBinary('promtool'), ['test', 'rules', file], { cwd: PROMETHEUS });
      let text = '';
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (bytes: Buffer) => {
          text += bytes.toString();
        });
      const code = await new Promise((resolve) => child.once('close', resolve));
      if (code !== 0) failed.push(text);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return failed;
}

describe('ops/prometheus', () => {
  const all = rules();
  const boards = new Set(
    globSync('ops/grafana/*.json', { cwd: projectFolder }).map(
      (file) => JSON.parse(readFileSync(join(projectFolder, file), 'utf8')).uid,
    ),
  );

  it('is what Prometheus reads', () => {
    for (const file of ['prometheus.yml', 'prometheus-cluster.yml']) {
      const { code, text } = tool('promtool', 'check', 'config', file);
      equal(code, 0, text);
    }
    const { code, text } = tool('promtool', 'check', 'rules', 'rules.yml', 'alerts.yml');
    equal(code, 0, text);
    match(text, new RegExp(`SUCCESS: ${all.length} rules found`), 'this test reads as many alerts as promtool');
  });

  it('does what its tests say', async () => {
    ok(files.length > 0);
    deepEqual(await played(), []);
  });

  it('has a test in which each of its rules fires, and one in which each alert does not', () => {
    const expected = expectations();
    const unseen = all.filter(
      ({ alert, severity, annotations }) =>
        !expected.some(
          (one) =>
            one.alert === alert &&
            one.fires.includes(`severity: ${severity}`) &&
            one.fires.includes(`impact: '${annotations['impact']?.replaceAll("'", "''")}'`),
        ),
    );
    deepEqual(unseen, []);
    const names = [...new Set(all.map(({ alert }) => alert))];
    const quiet = new Set(
      expected.filter(({ fires, test }) => !fires && test.startsWith('quiet: ')).map((e) => e.alert),
    );
    deepEqual(
      names.filter((name) => !quiet.has(name)),
      [],
    );
    deepEqual([...new Set(files.map((file) => basename(file).split('.')[0]))], [...names].sort());
  });

  it('says who is to be called, what is wrong, what it means and where to read on, each time', () => {
    for (const { alert, severity, labels, annotations, expr } of all) {
      ok(expr.length > 0, alert);
      ok(severity === 'page' || severity === 'ticket', alert);
      match(labels, /\barea: \w+/, alert);
      deepEqual(Object.keys(annotations), ['summary', 'impact', 'dashboard', 'runbook_url'], alert);
      equal(annotations['runbook_url'], `{{ $externalLabels.runbooks }}/${alert}.md`);
      const uid = /^\{\{ \$externalLabels\.grafana \}\}\/d\/(relais-[a-z]+)$/.exec(annotations['dashboard'] ?? '')?.[1];
      ok(boards.has(uid), `${alert}: no dashboard ${uid}`);
    }
  });
});
