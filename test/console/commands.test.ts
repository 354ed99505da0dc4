import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { FORMATS } from '#engine/domain/format.ts';
import { ALL_PARTITIONS } from '#engine/domain/placement.ts';
import { executable } from '#ops/debian.ts';
import { projectFolder } from '#ops/place.ts';
import { processesOf } from '#ops/processes.ts';
import { keyOf, ORLY } from '#test/contract/country.ts';
import { deposit, startHub, type World } from '#test/contract/hub.ts';
import { command } from './command.ts';

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

/** Cells of the table of `./hub partitions`, by number of the partition. */
function rows(out: string): Map<number, string[]> {
  const lines = out.trimEnd().split('\n').slice(1);
  return new Map(lines.map((line) => [Number.parseInt(line, 10), line.split(/ {2,}/)]));
}

const partitions = (...words: string[]) => command('partitions', [...words, `--data=${world.data}`]);

describe('./hub partitions', () => {
  it('shows who owns each one, from Redis alone', async () => {
    const { status, out, said } = await partitions();
    equal(status, 0, said);
    const shown = rows(out);
    equal(shown.size, ALL_PARTITIONS);
    ok(
      [...shown.values()].every(([, owner]) => owner?.includes(String(process.pid))),
      out,
    );
    match(said, new RegExp(`engine \\S+: live, last sign of life [\\d.]+ s ago, ${ALL_PARTITIONS} partitions`));
    match(said, /65 partitions have an owner, 0 have none/);
  });

  it('releases one: another take, nothing lost, and it is written down', async () => {
    const { id } = await deposit(world.dgs);
    const { status, said } = await partitions('release', '7');
    equal(status, 0, said);
    match(said, /partition 7: from \S+ \(epoch \d+\) to \S+ \(epoch \d+\) in /);
    const later = rows((await partitions()).out).get(7) ?? [];
    const [, was, then] = /\(epoch (\d+)\).*\(epoch (\d+)\)/.exec(said) ?? [];
    ok(later[1]?.includes(String(process.pid)), 'the only engine takes it again');
    ok(Number(then) > Number(was) && later[2] === then, 'under a later epoch');
    equal((await world.dgs.get(`/teledossiers/v1/folders/${id}`)).status, 200);
    await deposit(world.dgs);
  });

  it('refuses what is no partition, and says where no hub ran', async () => {
    equal((await partitions('release', '65')).status, 2);
    const nowhere = await command('partitions', [`--data=${join(world.data, 'nothing')}`]);
    equal(nowhere.status, 1);
    match(nowhere.said, /no hub ran on .*--data=DIR/);
  });
});

describe('./hub dead', () => {
  it('writes down what an operator does, and what was refused', async () => {
    const dead = (...words: string[]) => command('dead', [...words, `--data=${world.data}`]);
    equal((await dead('park', '3-nobody')).status, 0);
    equal((await dead('unpark', '3-nobody')).status, 0);
    equal((await dead('discard', '3-77')).status, 1);
    const { out } = await command('acts', [`--data=${world.data}`]);
    match(out, /\tdead park 3-nobody\tdone\n/);
    match(out, /\tdead unpark 3-nobody\tdone\n/);
    match(out, /\tpartitions release 7\tdone: from /);
    match(out, /\tdead discard 3-77\trefused: Dead letter is not found\n/);
  });
});

describe('./hub upgrade', () => {
  it('writes down that a format was made final', async () => {
    const { status, said } = await command('upgrade', ['finalise', `--data=${world.data}`]);
    equal(status, 0, said);
    const { out } = await command('acts', [`--data=${world.data}`]);
    match(out, new RegExp(`\\tupgrade finalise the hub\\tdone: format ${FORMATS.max}`));
  });
});

describe('./hub recipients', () => {
  const recipients = (...words: string[]) => command('recipients', [...words, `--data=${world.data}`]);

  it('finds one, and says how it is', async () => {
    const { status, out, said } = await recipients('orly', '--json');
    equal(status, 0, said);
    const [row, ...others] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    deepEqual([row.key, row.name, row.state, row.held, others.length], [keyOf(ORLY), 'Orly', 'ok', 0, 0]);
    ok(row.unread >= 1 && Date.parse(row.oldestUnread) > 0, out);
    equal((await recipients('nobody of that name')).status, 1);
  });

  it('lists by state, and says how many there are of each', async () => {
    const { status, out, said } = await recipients('--state=ok');
    equal(status, 0, said);
    match(out, /^key +state +unread +oldest/);
    match(said, /hub: 3 shown of 3 recipients: 0 silent, 0 behind, 3 ok\n$/);
  });
});

describe('./hub top', () => {
  it('prints one plain text with what flows, and ends with 0 when nothing is urgent', async () => {
    const asked = command('top', ['--once', `--data=${world.data}`]);
    await deposit(world.dgs);
    const { status, out, said } = await asked;
    // a busy machine may show a loop that is late: the code is that of the alerts shown
    equal(status, out.includes('!! ') ? 1 : 0, out + said);
    match(out, /^Relais {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}1\/1 processes answer$/m);
    match(out, /requests [\d.]+k?\/s/);
    match(out, /^redis 127\.0\.0\.1:\d+ {2}[\d.]+ MB of /m);
    match(out, new RegExp(`live +${ALL_PARTITIONS} `));
    match(out, /^recipients \(0 slow or silent\)$/m);
    ok(!out.includes('\x1b'), 'no colours for a file');
  });

  it('fills a terminal of 80 × 24, obeys keys, and gives the terminal back', async () => {
    const script = executable('script');
    ok(script !== undefined, 'script is missing: apt-get install bsdutils');
    const top = `${process.execPath} ops/commands/top.ts --every=0.2 --data=${world.data}`;
    const child = spawn(script, ['-qec', `stty cols 80 rows 24; ${top}`, '/dev/null'], { cwd: projectFolder });
    const ended = once(child, 'close');
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      seen += text;
    });
    const shows = async (what: RegExp): Promise<void> => {
      while (!what.test(seen))
        await Promise.race([once(child.stdout, 'data'), ended.then(() => Promise.reject(new Error(seen)))]);
    };
    await shows(/\[engines\]/);
    child.stdin.write('\t');
    await shows(/\[recipients/);
    child.stdin.write('p');
    await shows(/PAUSED/);
    child.stdin.write('q');
    const [status] = await ended;
    equal(status, 0, seen);
    ok(seen.includes('\x1b[?1049h') && seen.trimEnd().endsWith('\x1b[?25h\x1b[?1049l'), 'the usual screen is back');
    for (const [, row] of seen.matchAll(/\[(\d+);1H/g)) ok(Number(row) <= 25, `row ${row}`);
  });
});

describe('./hub doctor', () => {
  it('finds no fault of the hub’s own in one that runs', async () => {
    const { out } = await command('doctor', ['--json', `--data=${world.data}`]);
    const { findings } = JSON.parse(out) as { findings: { topic: string; state: string; what: string }[] };
    const of = (topic: string) => findings.filter((one) => one.topic === topic);
    for (const topic of ['configuration', 'redis', 'ports', 'permissions', 'versions'])
      deepEqual(
        of(topic).filter(({ state }) => state === 'fault'),
        [],
      );
    ok(of('redis').some(({ what }) => what === 'it holds the hub of this master key'));
    ok(
      of('ports').some(({ what }) => what.endsWith(`at ${world.url} is ready`)),
      JSON.stringify(of('ports')),
    );
  });
});

describe('the notes of processes', () => {
  it('say where this hub’s serve their metrics, and leave out those that died', async () => {
    const [own, ...others] = processesOf(world.data);
    deepEqual([own?.pid, own?.role, own?.url, others.length], [process.pid, 'all', world.url, 0]);
    const note = join(world.data, 'processes/1.json');
    // number 1 lives, but is not the process that wrote this
    writeFileSync(note, JSON.stringify({ ...own, pid: 1, identity: '1 0' }));
    equal(processesOf(world.data).length, 1);
    rmSync(note);
  });
});
