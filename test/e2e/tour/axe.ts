/** What axe finds on a page by the rules of WCAG 2.2 A and AA, and by good practice. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { explained } from './explained.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

interface Finding {
  id: string;
  nodes: { html: string; target: string[]; any: Check[]; all: Check[]; none: Check[] }[];
}
interface Check {
  id: string;
  data?: { messageKey?: string } | null;
}
interface Found {
  violations: Finding[];
  incomplete: Finding[];
}

/** All there is to see of another theme. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** Faults, and what axe cannot decide for a reason that is in no row of the table. Files of cases are others' documents. */
export async function findings(page: Page, coloursOnly = false): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations, incomplete } = await page.evaluate(
    async (runOnly) => {
      const { axe } = globalThis as unknown as { axe: { run(what: unknown, how: unknown): Promise<Found> } };
      return axe.run({ exclude: [['iframe']] }, { runOnly, resultTypes: ['violations', 'incomplete'] });
    },
    coloursOnly ? { type: 'rule', values: COLOURS } : { type: 'tag', values: RULES },
  );
  const say = ({ html, target }: Finding['nodes'][number]) => `${target.join(' ')} ${html.slice(0, 160)}`;
  return [
    ...violations.map(({ id, nodes }) => `${id}: ${nodes.map(say).join(' | ')}`),
    ...incomplete.flatMap(({ id, nodes }) =>
      nodes
        .map((node) => ({ node, why: reasons(node) }))
        .filter(({ why }) => !explained(id, why))
        .map(({ node, why }) => `${id} undecided (${why.join(', ')}): ${say(node)}`),
    ),
  ];
}

/** Why axe does not know. */
const reasons = ({ any, all, none }: Finding['nodes'][number]): string[] =>
  [...any, ...all, ...none].map(({ id, data }) => data?.messageKey ?? id);
