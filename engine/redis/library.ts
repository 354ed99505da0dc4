import { readFileSync } from 'node:fs';

/**
 * The Redis functions, assembled from `lua/`. The library's name carries the version, so that two versions of the
 * hub run side by side during an upgrade.
 */
export const LIBRARY_VERSION = 1;

export const LIBRARY = `relais_${LIBRARY_VERSION}`;

/** Timers promoted in one turn: bounds the turn; the rest follow in the next. */
const TIMERS_PER_TURN = 64;

/** Text of one of the files of `lua/`, by its name. */
export const luaPart = (name: string): string => readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');

/** @param part gives the text of each file: the simulation gives another clock */
export function librarySource(part: (name: string) => string = luaPart): string {
  return [
    `#!lua name=${LIBRARY}`,
    `local VERSION = '${LIBRARY_VERSION}'`,
    'local calls = {}',
    `local TIMERS_PER_TURN = ${TIMERS_PER_TURN}`,
    part('clock'),
    part('vouch'),
    part('accept'),
    part('deliver'),
    part('lease'),
    part('turn'),
    part('redo'),
    part('audit'),
    part('members'),
    part('batch'),
    part('reads'),
  ].join('\n');
}

export const functionName = (name: string): string => `relais_${name}_${LIBRARY_VERSION}`;
