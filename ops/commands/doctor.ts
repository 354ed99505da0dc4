/**
 * `./hub doctor`: configuration, Redis, clocks, disks, certificates, versions, machine: what is wrong, and what to do.
 *
 * Changes nothing, and wants no hub that runs. Exit codes: 0 no fault, 1 a fault, 2 wrong options.
 */
import { dataOf, redisUrlOf } from '#ops/console/target.ts';
import { examine } from '#ops/doctor/examine.ts';
import type { Finding, State } from '#ops/doctor/finding.ts';
import { options, say } from '#ops/life.ts';
import { once } from '#ops/once.ts';

const MARKS: Record<State, string> = { ok: 'OK       ', attention: 'attention', fault: 'FAULT    ' };
const COLOURS: Record<State, string> = { ok: '32', attention: '33', fault: '1;31' };

function redisUrl(data: string): string {
  try {
    return redisUrlOf(data);
  } catch {
    return '';
  }
}

function show(findings: readonly Finding[], colours: boolean): void {
  const width = Math.max(...findings.map(({ topic }) => topic.length));
  for (const { topic, state, what, todo } of findings) {
    const mark = colours ? `\x1b[${COLOURS[state]}m${MARKS[state]}\x1b[0m` : MARKS[state];
    console.log(`${mark}  ${topic.padEnd(width)}  ${what}${todo === '' ? '' : `\n${' '.repeat(13 + width)}→ ${todo}`}`);
  }
}

await once(async () => {
  const given = options(['data'], ['json']);
  const data = dataOf(given['data']);
  const findings = await examine(process.env, data, redisUrl(data));
  const counted = (wanted: State): number => findings.filter(({ state }) => state === wanted).length;
  const [faults, attentions] = [counted('fault'), counted('attention')];
  if (given['json']) console.log(JSON.stringify({ faults, attentions, findings }, undefined, 2));
  else show(findings, process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '');
  say(`${faults} faults, ${attentions} to look at, ${counted('ok')} right`);
  return faults === 0 ? 0 : 1;
});
