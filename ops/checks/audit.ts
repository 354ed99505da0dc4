/** Known vulnerabilities of what the product runs on, asked of the registry; one that does not answer is no failure. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectFolder } from '#ops/place.ts';

/** A registry that takes longer is not there: a check must not wait for the network. Milliseconds. */
const answerMs = 5_000;
/** npm itself, its start included. Milliseconds. */
const wholeMs = 20_000;
/** Severities that fail the check. */
const grave = ['high', 'critical'] as const;

export type Verdict = { failed: boolean; says: string };

/** What `npm audit --json` found: only a report with its counts is one. */
export function verdict(output: string): Verdict {
  type Report = { metadata?: { vulnerabilities?: Record<string, number> }; vulnerabilities?: Record<string, unknown> };
  let report: Report;
  try {
    report = JSON.parse(output) as Report;
  } catch {
    report = {};
  }
  const counts = report.metadata?.vulnerabilities;
  if (counts === undefined)
    return {
      failed: false,
      says: 'NOT CHECKED: the registry did not answer. Known vulnerabilities were not looked for',
    };
  const found = grave.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0);
  const names = Object.keys(report.vulnerabilities ?? {}).join(', ');
  if (found > 0) return { failed: true, says: `${found} of high or critical severity: ${names}` };
  return { failed: false, says: names === '' ? 'none known' : `none of high severity; lower: ${names}` };
}

export function checkVulnerabilities(): boolean {
  const asked = ['exec', 'npm', 'audit', '--omit=dev', '--json', '--fetch-retries=0', `--fetch-timeout=${answerMs}`];
  const { stdout } = spawnSync(join(projectFolder, 'hub'), asked, {
    cwd: projectFolder,
    encoding: 'utf8',
    timeout: wholeMs,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { failed, says } = verdict(stdout ?? '');
  console.log(`hub: vulnerabilities of production dependencies: ${says}`);
  return !failed;
}
