import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Supervision, startSupervision } from '#ops/supervision/supervision.ts';
import { rules, tool } from './alerts.ts';

const CONFIG = 'alertmanager.yml';

describe('alertmanager.yml', () => {
  it('is what Alertmanager reads, its template too', () => {
    const { code, text } = tool('amtool', 'check-config', CONFIG);
    equal(code, 0, text);
    match(text, /1 templates/);
  });

  it('tells each alert to those of its severity', () => {
    const receivers: Record<string, string> = { page: 'astreinte', ticket: 'tickets' };
    for (const { alert, severity, labels } of new Map(rules().map((rule) => [rule.labels, rule])).values()) {
      const words = labels.split(',').map((label) => label.trim().replace(': ', '='));
      const receiver = `--verify.receivers=${receivers[severity]}`;
      const { code, text } = tool(
        'amtool',
        'config',
        'routes',
        'test',
        `--config.file=${CONFIG}`,
        receiver,
        `alertname=${alert}`,
        ...words,
      );
      equal(code, 0, text);
    }
  });

  it('writes e-mails that say what to do', () => {
    for (const [name, type] of [
      ['texte', 'text'],
      ['courriel', 'html'],
    ]) {
      const { code, text } = tool(
        'amtool',
        'template',
        'render',
        '--template.glob=courriel.tmpl',
        `--template.type=${type}`,
        `--template.text={{ template "relais.${name}" . }}`,
      );
      equal(code, 0, text);
      // amtool's own example of an alert has other annotations than ours: what is ours is the French around them.
      match(text, /Que faire/);
      match(text, /Toutes les alertes en cours/);
    }
  });
});

describe('an Alertmanager with these settings', () => {
  const folder = mkdtempSync(join(tmpdir(), 'relais-alerts-'));
  let supervision: Supervision;
  before(async () => {
    supervision = await startSupervision({ folder, targets: {}, factor: 1 });
  });
  after(async () => {
    await supervision.stop();
    rmSync(folder, { recursive: true });
  });

  /** Tells it of alerts as Prometheus does. @returns those it keeps quiet */
  async function quiet(...alerts: Record<string, string>[]): Promise<string[]> {
    const answer = await fetch(`${supervision.alertmanager}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts.map((labels) => ({ labels: { ...labels, test: String(++tests) } }))),
    });
    equal(answer.status, 200);
    const found = await supervision.alerts();
    return found
      .filter(({ state, labels }) => state === 'suppressed' && Number(labels['test']) > tests - alerts.length)
      .map(({ alert, severity }) => `${alert} ${severity}`)
      .sort();
  }
  let tests = 0;

  it('tells of an effect where nothing tells of its cause', async () => {
    deepEqual(
      await quiet(
        { alertname: 'BacklogOld', severity: 'page' },
        { alertname: 'DepositsBurn', severity: 'page', way: 'batch' },
        { alertname: 'DiskFull', severity: 'ticket', instance: 'a', folder: 'data' },
      ),
      [],
    );
  });

  it('writes no ticket for what calls somebody, unless it is of another disk', async () => {
    deepEqual(
      await quiet(
        { alertname: 'DiskFull', severity: 'page', instance: 'b', folder: 'data' },
        { alertname: 'DiskFull', severity: 'ticket', instance: 'b', folder: 'data' },
        { alertname: 'DiskFull', severity: 'ticket', instance: 'b', folder: 'redis' },
        { alertname: 'ScrapeMissing', severity: 'page', job: 'portail', cause: 'process' },
        { alertname: 'ScrapeMissing', severity: 'ticket', job: 'portail', instance: 'c' },
        { alertname: 'PortalBurn', severity: 'page' },
      ),
      ['DiskFull ticket', 'PortalBurn page', 'ScrapeMissing ticket'],
    );
  });

  it('tells that Redis is away, and not what follows from it', async () => {
    deepEqual(
      await quiet(
        { alertname: 'RedisReplication', severity: 'page', node: '0', cause: 'redis' },
        { alertname: 'RedisAof', severity: 'page', node: '0', cause: 'redis' },
        { alertname: 'DepositsBurn', severity: 'page', way: 'call' },
        { alertname: 'PartitionWithoutOwner', severity: 'page' },
        { alertname: 'CertificateExpiry', severity: 'ticket', certificate: 'server' },
      ),
      ['DepositsBurn page', 'PartitionWithoutOwner page'],
    );
  });
});
