import { equal, throws } from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { homeOf, MissingProgram, supervisionBinary } from '#ops/supervision/binaries.ts';

const scratch = mkdtempSync(join(tmpdir(), 'relais programs '));
after(() => rmSync(scratch, { recursive: true }));

/** A machine with these commands only, and where it unpacks. */
function machine(commands: Record<string, string>, root = false) {
  const path = mkdtempSync(join(scratch, 'machine '));
  for (const [name, script] of Object.entries(commands)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, name), 0o755);
  }
  return { path, folder: join(path, 'unpacked'), here: { path, root } };
}

const dpkg = `mkdir='/bin/mkdir -p'; $mkdir "$3/usr/bin"; for name in prometheus promtool; do
  echo '#!/bin/sh' >"$3/usr/bin/$name"; /bin/chmod +x "$3/usr/bin/$name"; done`;

it('takes the program of the machine, under Debian’s name too', () => {
  const { path, folder, here } = machine({ 'prometheus-alertmanager': 'exit 0', amtool: 'exit 0' });
  equal(supervisionBinary('alertmanager', here, folder), join(path, 'prometheus-alertmanager'));
  equal(supervisionBinary('amtool', here, folder), join(path, 'amtool'));
});

it('unpacks a package, once, and installs nothing', () => {
  const count = join(scratch, 'downloads');
  mkdirSync(count);
  const apt = `[ "$4" = download ] || exit 99; : >"${count}/$$"; : >"$5_1.deb"`;
  const { folder, here } = machine({ 'apt-get': apt, 'dpkg-deb': dpkg });
  equal(supervisionBinary('promtool', here, folder), join(folder, 'prometheus/usr/bin/promtool'));
  equal(supervisionBinary('prometheus', here, folder), join(folder, 'prometheus/usr/bin/prometheus'));
  equal(readdirSync(count).length, 1);
  equal(readdirSync(folder).join(), 'prometheus');
});

it('fills the lists of a fresh machine as root, and tells another user to', () => {
  const lists = join(scratch, 'lists');
  const apt = `[ "$2" != update ] || { : >'${lists}'; exit; }; [ -e '${lists}' ] || exit 100; : >"$5_1.deb"`;
  const user = machine({ 'apt-get': apt, 'dpkg-deb': dpkg });
  throws(
    () => supervisionBinary('promtool', user.here, user.folder),
    /^MissingProgram: « apt-get download prometheus » did not provide promtool: run « sudo apt-get update », or put/,
  );
  const root = machine({ 'apt-get': apt, 'dpkg-deb': dpkg }, true);
  equal(supervisionBinary('promtool', root.here, root.folder), join(root.folder, 'prometheus/usr/bin/promtool'));
});

it('lets Debian’s Alertmanager find its templates where it was unpacked', () => {
  const script = `/bin/mkdir -p "$3/usr/bin"; cd "$3/usr/bin"; : >amtool; /bin/chmod +x amtool
    echo '#/usr/share/prometheus/alertmanager#' >prometheus-alertmanager; /bin/chmod +x prometheus-alertmanager`;
  const { folder, here } = machine({ 'apt-get': ': >"$5_1.deb"', 'dpkg-deb': script });
  const binary = supervisionBinary('alertmanager', here, folder);
  equal(readFileSync(binary, 'utf8'), '#usr//share/prometheus/alertmanager#\n');
  equal(homeOf(binary), join(folder, 'prometheus-alertmanager'));
});

it('says what to do where there is no Debian', () => {
  const { folder, here } = machine({});
  throws(() => supervisionBinary('amtool', here, folder), MissingProgram);
  throws(() => supervisionBinary('amtool', here, folder), /put a « amtool » of your own in PATH/);
});
