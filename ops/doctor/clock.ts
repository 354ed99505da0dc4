/** Whether anybody sets this machine's clock. */
import { spawnSync } from 'node:child_process';
import { executable } from '#ops/debian.ts';
import { attention, type Finding, ok } from './finding.ts';

const TOPIC = 'clock';
const PATIENCE_MS = 3_000;

const said = (command: string, args: string[]): string =>
  spawnSync(command, args, { encoding: 'utf8', timeout: PATIENCE_MS }).stdout ?? '';

/** @param run what a program says; '' when it is not there or fails */
export function examineClock(
  run = (name: string, args: string[]): string => {
    const found = executable(name);
    return found === undefined ? '' : said(found, args);
  },
): Finding {
  const chrony = run('chronyc', ['tracking']);
  if (/^Leap status\s*: Normal/m.test(chrony)) return ok(TOPIC, 'chrony keeps it');
  const systemd = run('timedatectl', ['show', '-p', 'NTPSynchronized', '--value']).trim();
  if (systemd === 'yes') return ok(TOPIC, 'systemd says that NTP keeps it');
  const todo = 'apt-get install chrony, or systemctl enable --now systemd-timesyncd';
  if (systemd === 'no' || chrony !== '') return attention(TOPIC, 'NTP does not keep it', todo);
  return attention(TOPIC, 'neither chrony nor systemd says whether NTP keeps it', `if this is no container: ${todo}`);
}
