/**
 * `./hub bench [NAME [options]]`: lists the benchmarks of bench/, or runs one. `--keep` keeps its result for `./hub bench report`, which
 * writes bench/RESULTS.md; `--profile` writes where its time went to bench/profiles/NAME.txt.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectFolder } from '#ops/place.ts';

const folder = join(projectFolder, 'bench');

/** Of every benchmark; each has its own in its first lines. */
const OPTIONS = `every one: --keep  for ./hub bench report, which writes bench/RESULTS.md
           --profile  where the product's time goes, in bench/profiles/NAME.txt
           --engines=N threads, --beside=N more engine processes, --cluster, --durability=fsync|followed|replicated|everysec`;

function run(file: string, options: string[]): number {
  return spawnSync(process.execPath, [join(folder, file), ...options], { stdio: 'inherit' }).status ?? 1;
}

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
    console.error(`\n${OPTIONS}`);
    return 0;
  }
  if (name === 'report') return run('report.ts', []);
  if (!names.includes(name)) {
    console.error(`hub: no benchmark « ${name} ». There is: ${names.join(' ')}`);
    return 2;
  }
  return run(`${name}.bench.ts`, options);
}

process.exitCode = main(process.argv.slice(2));
