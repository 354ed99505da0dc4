/**
 * `./hub bench [NAME [options]]`: lists the benchmarks of bench/, or runs one. `--keep` keeps its result for `./hub bench report`, which
 * writes bench/RESULTS.md; `--profile` writes where its time went to bench/profiles/NAME.txt. `NAME --help` tells its options, which are
 * those that its docstring names: another one is refused before anything starts.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { say } from '#ops/life.ts';
import { projectFolder } from '#ops/place.ts';
import { opening, optionsIn, refusal } from '#ops/synopsis.ts';

const folder = join(projectFolder, 'bench');

/** Of every benchmark; each has its own in its first lines. */
const OPTIONS = `every one: --keep  for ./hub bench report, which writes bench/RESULTS.md
           --profile  where the product's time goes, in bench/profiles/NAME.txt
           --engines=N threads, --beside=N more engine processes, --cluster, --durability=fsync|followed|replicated|everysec`;
const REPORT = 'report';
const HELP = ['-h', '--help'];

const openingOf = (file: string): string => opening(readFileSync(join(folder, file), 'utf8'));

function list(names: readonly string[]): void {
  const width = Math.max(0, ...names.map((each) => each.length));
  for (const name of names) console.log(`${name.padEnd(width)}  ${openingOf(`${name}.bench.ts`).split('\n')[0]}`);
  console.error(`\n${OPTIONS}\n\n./hub bench NAME --help tells what one measures, and its own options.`);
}

/** Runs a program of bench/, unless its words are not what it says it takes. */
function run(name: string, file: string, common: string, words: readonly string[]): number {
  const text = `${openingOf(file)}\n${common}`.trim();
  if (words.some((word) => HELP.includes(word))) {
    console.log(text);
    return 0;
  }
  const wrong = refusal(words, optionsIn(text));
  if (wrong !== undefined) {
    say(`./hub bench ${name}: ${wrong}`);
    return 2;
  }
  return spawnSync(process.execPath, [join(folder, file), ...words], { stdio: 'inherit' }).status ?? 1;
}

function main([name, ...words]: string[]): number {
  const names = globSync('*.bench.ts', { cwd: folder })
    .map((file) => basename(file, '.bench.ts'))
    .sort();
  if (!name) {
    list(names);
    return 0;
  }
  if (name === REPORT) return run(name, 'report.ts', '', words);
  if (names.includes(name)) return run(name, `${name}.bench.ts`, `\n${OPTIONS}`, words);
  say(`no benchmark « ${name} ». There is: ${names.join(' ')}`);
  return 2;
}

process.exitCode = main(process.argv.slice(2));
