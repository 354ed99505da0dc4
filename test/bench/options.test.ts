import { deepEqual, equal, match } from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, it } from 'node:test';
import { projectFolder } from '#ops/place.ts';
import { opening, optionsIn, refusal } from '#ops/synopsis.ts';
import { command } from '#test/console/command.ts';

const folder = join(projectFolder, 'bench');
const READ = [/\boption\('([a-z-]+)'/g, /argv\.\w+\(.*?'--([a-z-]+)(?:=[a-z]*)?'/g];

/** Options that a file of bench/ looks for. */
function readIn(file: string): Set<string> {
  const text = readFileSync(join(folder, file), 'utf8');
  return new Set(READ.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name]) => name as string)));
}

const benches = globSync('*.bench.ts', { cwd: folder }).map((file) => basename(file, '.bench.ts'));
const common = new Set(
  globSync('*.ts', { cwd: folder })
    .filter((file) => !file.endsWith('.bench.ts'))
    .flatMap((file) => [...readIn(file)]),
);

describe('./hub bench NAME --help', () => {
  for (const name of benches)
    it(`names all that ${name} looks for, and nothing else`, async () => {
      const { status, out } = await command('bench', [name, '--help']);
      equal(status, 0);
      const looked = new Set([...readIn(`${name}.bench.ts`), ...common]);
      deepEqual([...optionsIn(out).keys()].sort(), [...looked].sort());
    });

  it('says first what it measures, and at its end what all take', async () => {
    const { out } = await command('bench', ['year', '--cases=7', '-h']);
    match(out, /^A year: .*\n\n[\s\S]*--contract=N[\s\S]*\n\nevery one: --keep /);
    equal((await command('bench', ['report', '--help'])).status, 0);
  });
});

describe('./hub bench NAME with a word it does not name', () => {
  const refused = async (...words: string[]): Promise<string> => {
    const { status, out, said } = await command('bench', words);
    deepEqual([status, out], [2, '']);
    return said;
  };

  it('starts nothing, and says what there is', async () => {
    match(
      await refused('year', '--cass=1000'),
      /^hub: .*year: no option « --cass=1000 »\. There is: --cases=N .*--keep .*\n$/,
    );
    match(await refused('year', '1000'), /no option « 1000 »/);
    match(await refused('year', '--cases=1000', '--help-me'), /no option « --help-me »/);
    match(await refused('report', '--keep'), /report: no option « --keep »\. There is: none\n$/);
  });

  it('takes no value for another', async () => {
    match(await refused('year', '--cases'), /--cases: it is --cases=N\n$/);
    match(await refused('year', '--cases=many'), /--cases=many: it is --cases=N\n$/);
    match(await refused('year', '--keep=yes'), /--keep=yes: it is --keep\n$/);
    match(
      await refused('deposit', '--durability=often'),
      /it is --durability=fsync\|followed\|replicated\|everysec\n$/,
    );
  });
});

describe('the opening docstring', () => {
  it('is what stands between its marks', () => {
    equal(opening("/** One line: `--a=N`. */\nimport 'x';\n/** Not this. --b */"), 'One line: `--a=N`.');
    equal(opening('/**\n * First.\n *\n * Second.\n */\n'), 'First.\n\nSecond.');
    equal(opening("import 'x';\n/** Not this. */"), '');
  });

  it('gives an option its form wherever it is named', () => {
    const known = optionsIn('`--rate`: an open loop. `--rate=N --file=BYTES`, `--into=server`, --warm-up=S --keep');
    deepEqual(Object.fromEntries(known), { rate: 'N', file: 'BYTES', into: 'server', 'warm-up': 'S', keep: '' });
    for (const right of [['--rate=5'], ['--rate=0.5', '--keep'], ['--into=server'], []])
      equal(refusal(right, known), undefined);
    for (const wrong of ['--rate=-5', '--rate=', '--into=other', '--keep=', 'keep', '-k', '--', '--Rate=5'])
      equal(typeof refusal(['--keep', wrong], known), 'string', wrong);
  });
});
