import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectFolder } from '#ops/place.ts';
import { type Program, supervisionBinary } from '#ops/supervision/binaries.ts';

export const PROMETHEUS = join(projectFolder, 'ops/prometheus');
export const RUNBOOKS = join(projectFolder, 'ops/runbooks');

/** One rule of alerts.yml; an alert has one for each of its causes and severities. */
export interface Rule {
  alert: string;
  /** PromQL, its lines folded */
  expr: string;
  severity: string;
  labels: string;
  /** by name: summary, impact, dashboard, runbook_url */
  annotations: Record<string, string>;
}

const ANNOTATION = /^ {10}(\w+): (?:>-\n {12}(.*)|'(.*)')$/gm;

/** The rules as the file has them: it is written in one way, which `promtool check rules` counts again. */
export function rules(): Rule[] {
  const text = readFileSync(join(PROMETHEUS, 'alerts.yml'), 'utf8');
  return text
    .split(/^ {6}- alert: /m)
    .slice(1)
    .map((block) => {
      const alert = /^\w+/.exec(block)?.[0] ?? '';
      const expr = /^ {8}expr: (?:>-)?\n?([\s\S]*?)\n {8}(?:for|labels):/m.exec(block)?.[1] ?? '';
      const labels = /^ {8}labels: \{(.*)\}$/m.exec(block)?.[1] ?? '';
      const annotations = Object.fromEntries(
        [...block.matchAll(ANNOTATION)].map(([, name, folded, quoted]) => [name, folded ?? quoted]),
      );
      const severity = /severity: (\w+)/.exec(labels)?.[1] ?? '';
      return { alert, expr: expr.replace(/\s+/g, ' ').trim(), severity, labels, annotations };
    });
}

/** Of ops/runbooks, what is no alert's page: the list of them, and the table of drills. */
const OTHERS = ['README', 'DRILLS'];

/** The alerts that have a page in ops/runbooks. */
export const pages = (): string[] =>
  globSync('*.md', { cwd: RUNBOOKS })
    .map((file) => basename(file, '.md'))
    .filter((name) => !OTHERS.includes(name))
    .sort();

/** What a runbook lets operators ask Prometheus: expressions of PromQL. */
export const queriesOf = (page: string): string[] =>
  [...readFileSync(join(RUNBOOKS, `${page}.md`), 'utf8').matchAll(/query instant "\$PROMETHEUS_URL" '(.*)'$/gm)].map(
    ([, expr]) => expr as string,
  );

export interface Told {
  code: number | null;
  text: string;
}

/** Runs promtool or amtool in ops/prometheus. */
export function tool(name: Program, ...words: string[]): Told {
  const { status, stdout, stderr } = spawnSync(supervisionBinary(name), words, { cwd: PROMETHEUS, encoding: 'utf8' });
  return { code: status, text: stdout + stderr };
}
