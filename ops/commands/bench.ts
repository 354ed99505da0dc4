/** `./hub bench [NAME [options]]`: lists the benchmarks of bench/, or runs one. */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectFolder } from '#ops/place.ts';

const folder = join(projectFolder, 'bench');

/** The first sentence of the docstring that opens the file: what `./hub bench` shows beside its name. */
function summary(file: string): string {
  const line = /^\/\*\*\s*(?:\* )?(.*?)\s*(?:\*\/)?$/m.exec(readFileSync(join(folder, file), 'utf8'));
  return line?.[1] ?? '';
}

function main([name, ...options]: string[]): number {
  const files = globSync('*.bench.ts', { cwd: folder }).sort();
  const names = files.map((file) => basename(file, '.bench.ts'));
  if (!name) {
    const width = Math.max(0, ...names.map((each) => each.length));
    for (const [index, file] of files.entries()) console.log(`${names[index]?.padEnd(width)}  ${summary(file)}`);
    return 0;
  }
  if (!names.includes(name)) {
    console.error(`hub: no benchmark « ${name} ». There is: ${names.join(' ')}`);
    return 2;
  }
  const run = spawnSync(process.execPath, [join(folder, `${name}.bench.ts`), ...options], { stdio: 'inherit' });
  return run.status ?? 1;
}

process.exitCode = main(process.argv.slice(2));
