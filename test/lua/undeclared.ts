/**
 * Keys that a source of functions names itself instead of taking them from KEYS: while a slot moves, such a call would die
 * half-way without roll-back. A key is `keys[…]`, or the parameter `key` of a helper whose callers all give it one.
 */
const CALL = /redis\.p?call\(([^()]*)/g;

const ALLOWED = [
  /^'TIME'$/,
  /^'[A-Z]+', keys\[/,
  /^'XGROUP', '[A-Z]+', keys\[/,
  // sliced: the key is its parameter
  /^command, key, unpack$/,
  // hear: of its parameter
  /^'H[GS]ET', key, source/,
  // as many keys as values, all from KEYS
  /^'MSET', unpack$/,
  // the first keys of KEYS
  /^'MGET', unpack$/,
];

/** Helpers that take a key, and which of their arguments it is. */
const HELPERS: readonly RegExp[] = [/\bsliced\('[A-Z]+', ([^,]+),/g, /(?<!function )\bhear\(([^,]+),/g];
/** What MSET is given. */
const PAIRS = /pairs_\[n \+ 1\], pairs_\[n \+ 2\] = ([^,]+),/g;
const UNPACKED = /'(MSET|MGET)', unpack\((\w+)/g;
const FROM_KEYS = /^keys\[[^\]]+\]$/;

/** @returns the offending texts */
export function undeclared(source: string): string[] {
  const code = source.replace(/--.*$/gm, '');
  const found: string[] = [];
  for (const [, args] of code.matchAll(CALL))
    if (!ALLOWED.some((form) => form.test(args as string))) found.push(args as string);
  for (const helper of HELPERS)
    for (const [text, key] of code.matchAll(helper)) if (!FROM_KEYS.test(key as string)) found.push(text);
  for (const [text, key] of code.matchAll(PAIRS)) if (!FROM_KEYS.test(key as string)) found.push(text);
  for (const [text, command, table] of code.matchAll(UNPACKED))
    if (table !== (command === 'MSET' ? 'pairs_' : 'keys')) found.push(text);
  // KEYS is what the caller declared, and stays so.
  for (const [text] of code.matchAll(/(?<![\w.])keys\s*(?:\[[^\]]*\])?\s*=(?!=).*|table\.insert\(keys\b.*/g))
    found.push(text);
  // Other ways to reach Redis.
  for (const [text] of code.matchAll(/redis\[|\bredis\.(?:p?call)\b(?!\()|=\s*redis\b(?!\.)/g)) found.push(text);
  return found;
}

/** Calls of a source: a test that looks at none proves nothing. */
export const callCount = (source: string): number => [...source.matchAll(CALL)].length;
