/** `./hub bench report`: bench/RESULTS.md and its plot, from the runs kept under .hub/bench and from what the page has. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { page } from './page.ts';
import { plot } from './plot.ts';
import { keptResults, RESULTS } from './results.ts';

const results = keptResults();
/** The last one of each bench. */
const last = [...new Map(results.map((result) => [result.bench, result])).values()];
const drawn = last.filter(({ series }) => series.length > 1);
const svg = RESULTS.replace(/\.md$/, '.svg');
if (drawn.length > 0) writeFileSync(svg, plot(drawn, existsSync(svg) ? readFileSync(svg, 'utf8') : ''));
const before = existsSync(RESULTS) ? readFileSync(RESULTS, 'utf8') : '';
writeFileSync(RESULTS, page(before, results, existsSync(svg)));
console.log(`${results.length} kept runs of ${last.length} benchmarks are in bench/RESULTS.md`);
