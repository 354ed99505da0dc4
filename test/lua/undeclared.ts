/**
 * Keys that a source of functions names itself instead of taking them from KEYS: while a slot moves, such a call would die
 * half-way without roll-back. A key is `keys[…]`, or the parameter `key` of a helper whose callers all give it one.
 */
const CALL = /redis\.p?call\(([^()]*)/g;

const ALLOWED = [
  /^'TIME'$/,
  /^'INFO', 'server'$/,
  /^'[A-Z]+', (?:'[A-Z]+', )?(?:keys\[|key\b(?!\s*\.\.))/,
  // sliced: command and key are its parameters
  /^command, key, unpack$/,
  // as many keys as values, all from KEYS; and the first keys of KEYS
  /^'M[GS]ET', unpack$/,
];
const FROM_KEYS = /^keys\[[^\]]+\]$/;
const HEADER = /function\s*(\w*)\s*\(([^)]*)\)/g;
/** What MSET is given. */
const PAIRS = /pairs_\[n \+ 1\], pairs_\[n \+ 2\] = ([^,]+),/g;
const UNPACKED = /'(MSET|MGET)', unpack\((\w+)/g;
/** KEYS is what the caller declared, and stays so; so does a key given. */
const ASSIGNED = /(?<![\w.])(?:keys\s*(?:\[[^\]]*\])?|key)\s*=(?!=).*|table\.insert\(keys\b.*/g;
/** Other ways to reach Redis. */
const HIDDEN = /redis\[|\bredis\.(?:p?call)\b(?!\()|=\s*redis\b(?!\.)/g;

/** Arguments of a call, from behind its parenthesis. */
function argumentsAt(code: string, from: number): string[] {
  const found = [''];
  for (let depth = 0, at = from; at < code.length; at += 1) {
    const letter = code[at] as string;
    if (depth === 0 && letter === ')') break;
    if ('([{'.includes(letter)) depth += 1;
    if (')]}'.includes(letter)) depth -= 1;
    if (depth === 0 && letter === ',') found.push('');
    else found[found.length - 1] += letter;
  }
  return found.map((text) => text.trim());
}

/** @returns the offending texts */
export function undeclared(source: string): string[] {
  const code = source.replace(/--.*$/gm, '');
  const headers = [...code.matchAll(HEADER)].map(({ index, 1: name, 2: parameters }) => ({
    index,
    name: name as string,
    place: (parameters as string).split(',').findIndex((each) => each.trim() === 'key'),
  }));
  const found: string[] = [];
  for (const { index, 1: args } of code.matchAll(CALL)) {
    const within = headers.findLast((header) => header.index < index);
    const given = /^(?:command|'[A-Z]+'), (?:'[A-Z]+', )?key\b/.test(args as string);
    if (!ALLOWED.some((form) => form.test(args as string)) || (given && (within?.place ?? -1) < 0))
      found.push(args as string);
  }
  for (const { name, place, index } of headers) {
    if (place < 0 || name === '') continue;
    for (const call of code.matchAll(new RegExp(`\\b${name}\\(`, 'g'))) {
      if (call.index > index && call.index < index + 'function '.length + name.length) continue;
      const args = argumentsAt(code, call.index + name.length + 1);
      if (!FROM_KEYS.test(args[place] ?? '')) found.push(`${name}(${args.join(', ')})`);
    }
  }
  for (const [text, key] of code.matchAll(PAIRS)) if (!FROM_KEYS.test(key as string)) found.push(text);
  for (const [text, command, table] of code.matchAll(UNPACKED))
    if (table !== (command === 'MSET' ? 'pairs_' : 'keys')) found.push(text);
  for (const [text] of code.matchAll(ASSIGNED)) found.push(text);
  for (const [text] of code.matchAll(HIDDEN)) found.push(text);
  return found;
}

/** Calls of a source: a test that looks at none proves nothing. */
export const callCount = (source: string): number => [...source.matchAll(CALL)].length;
