/** `./hub dev`: runs `start` with the same options, and starts it again on each change of a source file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '#ops/place.ts';

const watched = ['engine', 'api', 'ops'];
const sources = /\.(ts|lua|json|conf)$/;
/** An editor writes a file in several steps, and a formatter writes several files. Milliseconds. */
const settleMs = 150;

let child: ChildProcess | undefined;
let leaving = false;
let timer: NodeJS.Timeout | undefined;
let turn = Promise.resolve();

async function halt(): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

async function restart(): Promise<void> {
  await halt();
  if (leaving) return;
  child = spawn(process.execPath, [join(import.meta.dirname, 'start.ts'), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
}

for (const folder of watched) {
  watch(join(projectFolder, folder), { recursive: true }, (_, file) => {
    if (!file || !sources.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      console.error(`hub: ${join(folder, file)} changed`);
      turn = turn.then(restart);
    }, settleMs);
  });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    leaving = true;
    turn = turn.then(halt).then(() => process.exit(0));
  });
}

turn = restart();
