import { real } from './clockwork.ts';
import type { SimServer } from './server.ts';
import { type Options, type Outcome, STORIES, simulate } from './simulate.ts';

/** A smaller history must not be waited for longer than this, ms. */
const BUDGET_MS = 30_000;
const COMPARED = 24;

/** What went wrong, without the names and numbers of this history. */
const kindOf = ({ failure }: Outcome): string => (failure?.message ?? '').replace(/[\d{"[].*/s, '').slice(0, COMPARED);

/**
 * A failing history made smaller: fewer clients, then fewer faults, as long as it fails in the same way. Each fault has
 * its number and its own chance, so that leaving one out changes the others as little as can be.
 */
export async function shrink(server: SimServer, options: Options, failed: Outcome): Promise<[Options, Outcome]> {
  const end = real.performanceNow() + BUDGET_MS;
  let [best, found] = [options, failed];
  const attempt = async (smaller: Options): Promise<boolean> => {
    if (real.performanceNow() > end) return false;
    const outcome = await simulate(server, smaller);
    if (!outcome.failure || kindOf(outcome) !== kindOf(failed)) return false;
    [best, found] = [smaller, outcome];
    return true;
  };
  for (let stories = 1; stories < (options.stories ?? STORIES); stories += 1) {
    if (await attempt({ ...best, stories })) break;
  }
  for (let size = Math.ceil(found.faults.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < found.faults.length; ) {
      const dropped = found.faults.slice(at, at + size).map((line) => Number.parseInt(line, 10));
      const without = [...(best.without ?? []), ...dropped];
      if (!(await attempt({ ...best, without }))) at += size;
    }
  }
  return [best, found];
}
