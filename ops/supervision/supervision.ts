/** A Prometheus and an Alertmanager of our own on loopback, with the project's rules: for `./hub demo --ops` and `./hub drill`. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '#ops/redis/server.ts';
import { homeOf, type Program, supervisionBinary } from './binaries.ts';
import { type Settings, writeSettings } from './settings.ts';

/** An alert as Alertmanager has it now. */
export interface Alert {
  alert: string;
  severity: string;
  /** `suppressed`: another one says the cause */
  state: 'active' | 'suppressed' | 'unprocessed';
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** ISO date */
  startsAt: string;
}

/** An alert as Prometheus has it: also before its `for` has passed. */
export interface Rising {
  alert: string;
  severity: string;
  state: 'pending' | 'firing';
  /** ISO date */
  activeAt: string;
}

export interface Supervision {
  prometheus: string;
  alertmanager: string;
  alerts(): Promise<Alert[]>;
  rising(): Promise<Rising[]>;
  /** Series of an instant query: their labels, and values as numbers. */
  query(expression: string): Promise<{ labels: Record<string, string>; value: number }[]>;
  stop(): Promise<void>;
}

export type SupervisionOptions = Omit<Settings, 'alertmanager'> & {
  /** configuration, data and logs; made when absent */
  folder: string;
  /** free ones else */
  ports?: { prometheus: number; alertmanager: number };
};

const START_MS = 20_000;
const LOOK_MS = 50;
const ANSWER_MS = 10_000;
const STOP_MS = 10_000;
/** A demonstration left alone for a week must not fill the disk. */
const KEPT = '7d';

interface Served {
  child: ChildProcess;
  ended: Promise<void>;
}

/** @throws MissingProgram, or an Error with the end of a log */
export async function startSupervision(options: SupervisionOptions): Promise<Supervision> {
  const { folder } = options;
  const ports = options.ports ?? { prometheus: await freePort(), alertmanager: await freePort() };
  const at = { prometheus: `127.0.0.1:${ports.prometheus}`, alertmanager: `127.0.0.1:${ports.alertmanager}` };
  writeSettings(folder, { ...options, alertmanager: at.alertmanager });
  const binary = supervisionBinary('prometheus');
  const served: Served[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(served.splice(0).map(end));
  };
  try {
    served.push(
      launch('alertmanager', supervisionBinary('alertmanager'), folder, [
        `--config.file=${join(folder, 'alertmanager.yml')}`,
        `--storage.path=${join(folder, 'alertmanager')}`,
        `--web.listen-address=${at.alertmanager}`,
        '--cluster.listen-address=',
        '--log.level=warn',
      ]),
      launch('prometheus', binary, folder, [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'prometheus')}`,
        `--storage.tsdb.retention.time=${KEPT}`,
        `--web.listen-address=${at.prometheus}`,
        // Debian's pages, where they were unpacked.
        `--web.local-assets=${join(dirname(binary), '../share/prometheus/web')}`,
        '--log.level=warn',
      ]),
    );
    await Promise.all([
      ready('alertmanager', at.alertmanager, served[0] as Served, folder),
      ready('prometheus', at.prometheus, served[1] as Served, folder),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...questions(at), stop };
}

function launch(name: Program, binary: string, folder: string, words: string[]): Served {
  mkdirSync(join(folder, name), { recursive: true });
  const log = openSync(join(folder, `${name}.log`), 'a');
  // When this process dies without a word, what it started is told to stop.
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', binary, ...words], {
    cwd: homeOf(binary),
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve());
  });
  return { child, ended };
}

async function ready(name: Program, at: string, { child }: Served, folder: string): Promise<void> {
  for (const deadline = performance.now() + START_MS; performance.now() < deadline; await pause(LOOK_MS)) {
    if (child.exitCode !== null || child.signalCode !== null) break;
    const answer = await fetch(`http://${at}/-/ready`).catch(() => undefined);
    if (answer?.ok) return;
  }
  const log = readFileSync(join(folder, `${name}.log`), 'utf8')
    .split('\n')
    .slice(-6)
    .join('\n');
  throw new Error(`${name} did not start on ${at}:\n${log}`);
}

async function end({ child, ended }: Served): Promise<void> {
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(force);
}

async function ask<T>(url: string): Promise<T> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

type Labels = Record<string, string>;
const nameOf = (labels: Labels) => ({ alert: labels['alertname'] ?? '', severity: labels['severity'] ?? '' });

function questions(at: Record<'prometheus' | 'alertmanager', string>): Omit<Supervision, 'stop'> {
  const prometheus = `http://${at.prometheus}`;
  const alertmanager = `http://${at.alertmanager}`;
  type Held = { labels: Labels; annotations: Labels; startsAt: string; status: { state: Alert['state'] } };
  type Raised = { data: { alerts: { labels: Labels; state: Rising['state']; activeAt: string }[] } };
  type Answered = { data: { result: { metric: Labels; value: [number, string] }[] } };
  return {
    prometheus,
    alertmanager,
    async alerts() {
      const held = await ask<Held[]>(`${alertmanager}/api/v2/alerts`);
      return held.map(({ labels, annotations, startsAt, status }) => {
        return { ...nameOf(labels), state: status.state, labels, annotations, startsAt };
      });
    },
    async rising() {
      const { data } = await ask<Raised>(`${prometheus}/api/v1/alerts`);
      return data.alerts.map(({ labels, state, activeAt }) => ({ ...nameOf(labels), state, activeAt }));
    },
    async query(expression) {
      const { data } = await ask<Answered>(`${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`);
      return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
    },
  };
}
