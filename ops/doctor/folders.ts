/** What of a hub lies in files is nobody else's business on the machine. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ACTS, actsFolder } from '#ops/console/acts.ts';
import { attention, type Finding, fault, ok } from './finding.ts';

const TOPIC = 'permissions';
const OTHERS = 0o077;

/** @param files more that must be the hub's alone, by name: keys of certificates */
export function examineFolders(data: string, files: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  const private_ = [
    data,
    ...['master.key', 'redis', 'journal', 'access', 'audit', 'index'].map((name) => join(data, name)),
    ...files,
  ];
  let seen = 0;
  for (const path of private_) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    seen += 1;
    const mode = (found.mode & 0o777).toString(8);
    const right = found.isDirectory() ? '700' : '600';
    // inside a folder that is closed, nobody comes to it
    const serious = path === data || path.endsWith('.key') || files.includes(path);
    if ((found.mode & OTHERS) === 0) continue;
    const [what, todo] = [`${path} is open to others (${mode})`, `chmod ${right} ${path}`];
    if (serious) findings.push(fault(TOPIC, what, todo));
    else if ((statSync(data).mode & OTHERS) !== 0) findings.push(attention(TOPIC, what, todo));
  }
  const owner = statSync(data, { throwIfNoEntry: false })?.uid;
  const acts = statSync(join(actsFolder(data), ACTS), { throwIfNoEntry: false })?.uid;
  if (acts !== undefined && acts !== owner)
    findings.push(
      attention(
        TOPIC,
        `what operators did is another user’s (${acts}) than ${data}: backups cannot copy it`,
        `chown -R --reference=${data} ${actsFolder(data)}`,
      ),
    );
  const me = process.getuid?.();
  if (owner !== undefined && owner !== me && me !== 0)
    findings.push(attention(TOPIC, `${data} is another user’s (${owner})`, 'run commands as the hub’s user: sudo -u'));
  if (findings.length === 0 && seen > 0) findings.push(ok(TOPIC, `${seen} folders and files are the hub’s alone`));
  return findings;
}
