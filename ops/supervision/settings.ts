/** The configuration of a Prometheus and an Alertmanager of our own, made from the examples of ops/prometheus. */
import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectFolder } from '#ops/place.ts';
import { divided } from './scale.ts';

/** Addresses by the job of prometheus.yml that asks them: `relais`, `portail`. A job without any is left out. */
export type Targets = Readonly<Record<string, readonly string[]>>;

export interface Settings {
  /** base URLs of processes, of one scheme a job */
  targets: Targets;
  /** `host:port` */
  alertmanager: string;
  /** what all durations are divided by; 1: the time of production */
  factor: number;
  /** where alerts are told instead of the example's receivers: a webhook */
  inbox?: string | undefined;
  /** a mail server for the example's own receivers, `host:port` */
  smtp?: string | undefined;
}

const source = join(projectFolder, 'ops/prometheus');
const RULES = ['rules.yml', 'alerts.yml'];
/** A process that cannot reach its Redis takes a while to say so, and a scrape may not last longer than its interval. ms */
const LEAST_SCRAPE_MS = 1_000;
/** Certificates of a drill are its own. */
const TLS = '    scheme: https\n    tls_config: { insecure_skip_verify: true }\n';

const read = (name: string): string => readFileSync(join(source, name), 'utf8');

/** Writes all files in `folder`; rules are the project's, in another time at most. */
export function writeSettings(folder: string, settings: Settings): void {
  mkdirSync(folder, { recursive: true });
  for (const name of RULES) writeFileSync(join(folder, name), divided(read(name), settings.factor));
  for (const path of globSync(join(source, '*.tmpl'))) cpSync(path, join(folder, basename(path)));
  writeFileSync(join(folder, 'prometheus.yml'), prometheusSettings(read('prometheus.yml'), settings));
  writeFileSync(join(folder, 'alertmanager.yml'), alertmanagerSettings(read('alertmanager.yml'), settings));
}

/** @param example prometheus.yml @throws when it has no job of a target's name */
export function prometheusSettings(example: string, { targets, alertmanager, factor }: Settings): string {
  const [head = '', jobs = ''] = example.split(/^scrape_configs:\n/m);
  const blocks = jobs.split(/^(?= {2}- job_name: )/m).filter((block) => block.startsWith('  - job_name: '));
  const kept = Object.entries(targets).map(([job, urls]) => {
    const block = blocks.find((one) => one.startsWith(`  - job_name: ${job}\n`));
    if (block === undefined) throw new Error(`prometheus.yml has no job « ${job} »`);
    const found = urls.map((url) => new URL(url));
    const secure = found.some(({ protocol }) => protocol === 'https:') ? TLS : '';
    const list = found.map(({ host }) => `'${host}'`).join(', ');
    const lines = block.split('\n').filter((line) => !/^\s*#/.test(line) && line.trim() !== '');
    return `${lines.join('\n').replace(/targets: \[[^\]]*\]/, `targets: [${list}]`)}\n${secure}`;
  });
  const time = divided(head, factor).replace(/^(\s+scrape_interval:) (\d+)ms$/m, (_, name: string, ms: string) => {
    return `${name} ${Math.max(LEAST_SCRAPE_MS, Number(ms))}ms`;
  });
  const pointed = time.replace(/targets: \[[^\]]*\]/g, `targets: ['${alertmanager}']`);
  return `${pointed}scrape_configs:\n${kept.join('')}`;
}

/** @param example alertmanager.yml */
export function alertmanagerSettings(example: string, { factor, inbox, smtp }: Settings): string {
  let text = divided(example, factor);
  if (smtp !== undefined) text = text.replace(/smtp_smarthost: \S+/, `smtp_smarthost: ${smtp}`);
  if (inbox === undefined) return text;
  const [head = '', receivers = ''] = text.split(/^receivers:\n/m);
  const names = [...receivers.matchAll(/^ {2}- name: (\S+)$/gm)].map(([, name]) => name as string);
  const each = names.map((name) => `  - name: ${name}\n    webhook_configs: [{ url: '${inbox}/${name}' }]\n`);
  return `${head}receivers:\n${each.join('')}`;
}
