/**
 * `./hub drill ALERT…|all|report` and `./hub drill quiet [--minutes=N]`: a real Prometheus and Alertmanager, a real fault, the alert, its
 * runbook's commands, and its end. `all` writes ops/runbooks/DRILLS.md, `report` from what was
 * played here last; `quiet`: nothing may ring while all is well.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { executable, here } from '#ops/debian.ts';
import { projectFolder } from '#ops/place.ts';

const [word, ...rest] = process.argv.slice(2);
const entry = word === 'quiet' ? 'quiet.ts' : 'run.ts';
const given = word === undefined || word === 'quiet' ? rest : [word, ...rest];
const words = [process.execPath, join(projectFolder, 'test/drill', entry), ...given];
const unshare = here().root ? executable('unshare') : undefined;
const apart = unshare !== undefined && spawnSync(unshare, ['--mount', 'true']).status === 0;
// Small disks are mounted where nobody else sees them, and are gone with the run, however it ends.
const [command, ...args] = apart ? [unshare, '--mount', ...words] : words;
const run = spawnSync(command as string, args, { stdio: 'inherit' });
process.exitCode = run.status ?? 1;
