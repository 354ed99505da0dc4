import { type Result, section } from './results.ts';

/**
 * The page of results: of each bench the last run in full, of those before a line. What is on the page already stays, so that runs
 * made on other machines, whose files are not here, are not forgotten.
 */

/** A `## title` of the page, with what follows it. */
interface Section {
  title: string;
  text: string;
}

const HISTORY = 'History';
const HEAD = `# Results of the benchmarks

Of each benchmark the last run kept (\`./hub bench NAME --keep\`, then \`./hub bench report\`), those before it under
[History](#history). Aims are those of the issues; what they mean is in [performance](../docs/performance.md).
`;
const PLOT = '![Throughput and percentiles over time](RESULTS.svg)\n';
const HISTORY_HEAD = '| date | bench | commit | machine | figures |\n|-|-|-|-|-|';
/** When, at what commit, on what; then the settings. */
const CIRCUMSTANCES = /^(\d{4}-\d\d-\d\dT[\d:.]+Z), commit ([^,]+), (.+)\.$/m;
const FIGURE = /^\| (?!figure )([^|]+) \| ([^|]+) \| [^|]* \| [^|]*\|$/gm;
const MINUTE_CHARACTERS = 16;

function sectionsOf(page: string): Section[] {
  const parts = page.split(/^## /m).slice(1);
  return parts.map((part) => {
    const title = part.slice(0, part.indexOf('\n')).trim();
    return { title, text: `## ${part.trim()}\n` };
  });
}

const dateOf = ({ text }: Section): string => CIRCUMSTANCES.exec(text)?.[1] ?? '';

/** A run in one line. */
function line({ title, text }: Section): string {
  const [, at = '', commit = '', machine = ''] = CIRCUMSTANCES.exec(text) ?? [];
  const figures = Array.from(text.matchAll(FIGURE), ([, name, value]) => `${name}: ${value}`).join('; ');
  const date = at.slice(0, MINUTE_CHARACTERS).replace('T', ' ');
  return `| ${date} | ${title} | ${commit} | ${machine.split(', Node')[0]} | ${figures} |`;
}

/** Chaos has tables of its own, each of its runs about other faults: all stay. */
const isOfBench = ({ text }: Section): boolean => text.includes('| figure | measured |');

/** @param before the page as it was @param results kept runs, in any order */
export function page(before: string, results: readonly Result[], plotted: boolean): string {
  const old = sectionsOf(before);
  const history = old.find(({ title }) => title === HISTORY)?.text ?? '';
  const lines = new Set(history.split('\n').filter((text) => /^\| \d{4}-/.test(text)));
  const runs = [
    ...old.filter((one) => one.title !== HISTORY && isOfBench(one)),
    ...results.map((result) => ({ title: result.bench, text: section(result) })),
  ];
  const byBench = Map.groupBy(runs, ({ title }) => title);
  const last: string[] = [];
  for (const title of [...byBench.keys()].sort()) {
    const sorted = (byBench.get(title) as Section[]).sort((a, b) => dateOf(a).localeCompare(dateOf(b)));
    const newest = sorted.at(-1) as Section;
    last.push(newest.text);
    for (const one of sorted) if (dateOf(one) !== dateOf(newest)) lines.add(line(one));
  }
  const others = old.filter((one) => one.title !== HISTORY && !isOfBench(one)).map(({ text }) => text);
  const past = lines.size === 0 ? [] : [`## ${HISTORY}\n\n${HISTORY_HEAD}\n${[...lines].sort().join('\n')}\n`];
  return [HEAD, ...(plotted ? [PLOT] : []), ...last, ...others, ...past].join('\n');
}
