/** What a screen reader is told of a page, kept in a file: a change of it is seen, and renewed by hand. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const FOLDER = join(import.meta.dirname, '../aria');
const isRenewed = process.env['RELAIS_ARIA'] === 'write';
const HOW =
  'If the page is meant to be so: RELAIS_ARIA=write ./hub test e2e/tour-pages (and tour-cases), then look at what changed in test/e2e/aria.';

/** What is another one each time: numbers, dates, ids, and what is in the cells of a table. */
const VOLATILE: readonly [RegExp, string][] = [
  [/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, '(id)'],
  [/(?<=#nom-)[\w-]+/g, '(clé)'],
  [/(?<=[?&]suite=)[\w-]+/g, '(suite)'],
  [/(?<=\/vues\/)[\w-]+-[0-9a-f]{4}\b/g, '(vue)'],
  [/\b[A-Z][A-Za-z]+-[A-Za-z]+-\d{13}(?:-\d{2})?/g, '(numéro)'],
  [
    /\b\d{1,2}(?:er)?\s(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)(?:\s\d{4})?/g,
    '(date)',
  ],
  [/\b\d{2}\/\d{2}\/\d{4}/g, '(date)'],
  [/\b\d{1,2}\sh\s\d{2}/g, '(heure)'],
  [/(?<!level=)\d+(?:[\s,.]\d+)*/g, '0'],
];

/** The snapshot without what changes from one day, one deposit to the next; rows of the same shape are one. */
export function settled(snapshot: string): string {
  const lines = snapshot.split('\n').map((line) => {
    const plain = VOLATILE.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), line);
    return isData(line) ? blank(plain) : plain;
  });
  return `${once(lines).join('\n')}\n`;
}

/** Cells, and values of a list of terms. */
const isData = (line: string): boolean => /^\s*- (?:cell|rowheader|row|definition|time)\b/.test(line);

/** Keeps the kind of a line, and whether more is in it. */
function blank(line: string): string {
  const kind = /^\s*- [a-z]+/.exec(line)?.[0] ?? '';
  return /:$/.test(line) ? `${kind} …:` : `${kind} …`;
}

/** Blocks that repeat the one before them are left out. */
function once(lines: string[]): string[] {
  const depth = (line: string) => /^ */.exec(line)![0].length;
  const out: string[] = [];
  let before = new Map<number, string>();
  for (let from = 0; from < lines.length; ) {
    const level = depth(lines[from]!);
    let to = from + 1;
    while (to < lines.length && depth(lines[to]!) > level) to += 1;
    const block = lines.slice(from, to);
    const inner = block.length > 1 ? [block[0]!, ...once(block.slice(1))] : block;
    const text = inner.join('\n');
    if (before.get(level) !== text) out.push(...inner);
    before = new Map([[level, text]]);
    from = to;
  }
  return out;
}

/** Nothing when it is as it was; otherwise what changed. */
export async function ariaFault(page: Page, name: string): Promise<string | null> {
  const now = settled(await page.locator('body').ariaSnapshot());
  const file = join(FOLDER, `${name}.txt`);
  if (isRenewed) {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, now);
    return null;
  }
  if (!existsSync(file)) return `no snapshot test/e2e/aria/${name}.txt. ${HOW}`;
  const then = readFileSync(file, 'utf8');
  return then === now
    ? null
    : `test/e2e/aria/${name}.txt is not what the page says now:\n${difference(then, now)}\n${HOW}`;
}

/** Lines only one of both has. */
function difference(then: string, now: string): string {
  const [old, young] = [then.split('\n'), now.split('\n')];
  const gone = old.filter((line) => !young.includes(line)).map((line) => `- ${line}`);
  const come = young.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...come].join('\n') || '(the same lines in another order)';
}

/** Snapshots of no page. */
export function strayAria(names: readonly string[]): string[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER).filter((file) => !names.includes(file.replace(/\.txt$/, '')));
}
