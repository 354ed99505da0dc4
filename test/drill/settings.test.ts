import { equal, match, ok, throws } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { projectFolder } from '#ops/place.ts';
import { supervisionBinary } from '#ops/supervision/binaries.ts';
import { alertmanagerSettings, prometheusSettings, writeSettings } from '#ops/supervision/settings.ts';

const scratch = mkdtempSync(join(tmpdir(), 'relais-settings-'));
after(() => rmSync(scratch, { recursive: true }));

const example = (name: string): string => readFileSync(join(projectFolder, 'ops/prometheus', name), 'utf8');
const targets = { relais: ['http://127.0.0.1:1', 'http://127.0.0.1:2'], portail: ['https://127.0.0.1:3'] };
const alertmanager = '127.0.0.1:4';

it('asks the processes that run, and no other', () => {
  const text = prometheusSettings(example('prometheus.yml'), { targets, alertmanager, factor: 60 });
  match(text, /- job_name: relais\n +static_configs: \[\{ targets: \['127\.0\.0\.1:1', '127\.0\.0\.1:2'\] \}\]/);
  match(text, /- job_name: portail\n.*127\.0\.0\.1:3.*\n +scheme: https\n/);
  match(text, /alertmanagers:\n +- static_configs: \[\{ targets: \['127\.0\.0\.1:4'\] \}\]/);
  ok(!/:8080|:8081|:9093/.test(text), text);
  match(text, /scrape_interval: 1000ms/);
  match(text, /evaluation_interval: 500ms/);
  const without = prometheusSettings(example('prometheus.yml'), { targets: { relais: [] }, alertmanager, factor: 1 });
  equal(without.includes('portail'), false);
  match(without, /scrape_interval: 15s/);
  throws(
    () => prometheusSettings(example('prometheus.yml'), { targets: { autre: [] }, alertmanager, factor: 1 }),
    /no job « autre »/,
  );
});

it('tells its own inbox under the names of the example’s receivers, or sends mail where it is told to', () => {
  const drilled = alertmanagerSettings(example('alertmanager.yml'), {
    targets,
    alertmanager,
    factor: 60,
    inbox: 'http://127.0.0.1:5',
  });
  match(drilled, /- name: astreinte\n +webhook_configs: \[\{ url: 'http:\/\/127\.0\.0\.1:5\/astreinte' \}\]/);
  equal(drilled.includes('email_configs'), false);
  const mailed = alertmanagerSettings(example('alertmanager.yml'), {
    targets,
    alertmanager,
    factor: 1,
    smtp: '127.0.0.1:6',
  });
  equal(mailed, example('alertmanager.yml').replace(/smtp_smarthost: \S+/, 'smtp_smarthost: 127.0.0.1:6'));
});

for (const factor of [1, 60]) {
  it(`writes what Prometheus and Alertmanager accept, time divided by ${factor}`, () => {
    const folder = join(scratch, String(factor));
    const inbox = factor === 1 ? undefined : 'http://127.0.0.1:5';
    writeSettings(folder, { targets, alertmanager, factor, inbox });
    execFileSync(supervisionBinary('promtool'), ['check', 'config', join(folder, 'prometheus.yml')]);
    execFileSync(supervisionBinary('amtool'), ['check-config', join(folder, 'alertmanager.yml')]);
  });
}
