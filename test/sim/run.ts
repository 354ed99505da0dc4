/** `run.ts [--seeds=N] [--seed=S]`: what `./hub sim` runs, in a process of its own, since it replaces its clocks. */
import { patch, SMALL } from './patches.ts';

patch(SMALL);
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2));
