import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Timers promoted in one turn: bounds the turn; the rest follow in the next. */
const TIMERS_PER_TURN = 64;

const PARTS = [
  'clock',
  'vouch',
  'accept',
  'deliver',
  'lease',
  'turn',
  'redo',
  'audit',
  'members',
  'builds',
  'batch',
  'reads',
] as const;

/** Hexadecimal digits: libraries of one Redis are a handful. */
const VERSION_DIGITS = 10;

/** Text of one of the files of `lua/`, by its name. */
export const luaPart = (name: string): string => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');

const body = (part: (name: string) => string): string => PARTS.map(part).join('\n');

/**
 * The Redis functions, assembled from `lua/`. Their text itself makes the version, in the library's name and in those of its
 * functions: two builds that differ there run side by side, each with its own, and none can forget to count up.
 */
export const LIBRARY_VERSION = createHash('sha256')
  .update(`${TIMERS_PER_TURN} ${body(luaPart)}`)
  .digest('hex')
  .slice(0, VERSION_DIGITS);

/** What all libraries of the product begin with, of any version. */
export const LIBRARIES = 'relais_';
export const LIBRARY = LIBRARIES + LIBRARY_VERSION;

/** @param part gives the text of each file: the simulation gives another clock */
export const librarySource = (part: (name: string) => string = luaPart): string =>
  [
    `#!lua name=${LIBRARY}`,
    `local VERSION = '${LIBRARY_VERSION}'`,
    'local calls = {}',
    `local TIMERS_PER_TURN = ${TIMERS_PER_TURN}`,
    body(part),
  ].join('\n');

export const functionName = (name: string): string => `relais_${name}_${LIBRARY_VERSION}`;
