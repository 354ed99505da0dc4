/**
 * W3C trace context of a message: which request it comes from, in the form of the header `traceparent`
 * (https://www.w3.org/TR/trace-context/), `00-<trace>-<parent>-<flags>`. It rides in the JSON of a command, as its member
 * `trace`, so that whoever knows nothing of it reads the command as before. Ids alone, made by chance: nothing of a person.
 */
export type Trace = string;

const FORM = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;
/** What the form forbids: a version, an id of a trace, an id of a step. */
const NO_VERSION = 'ff-';
const NO_TRACE = '0'.repeat(32);
const NO_PARENT = '0'.repeat(16);
const LENGTH = 55;
const ID_AT = 3;
const PARENT_AT = 36;
const PARENT_END = 52;
const SAMPLED = 1;
const HEX = 16;

/** @param header '' when there is none @returns undefined when it is none of the form: then it is as if there were none */
export function traceIn(header: string): Trace | undefined {
  if (header === '') return undefined;
  const found = FORM.exec(header);
  if (found?.[1] === NO_TRACE || found?.[2] === NO_PARENT || header.startsWith(NO_VERSION)) return undefined;
  // A later version may say more behind what is known of it; whole is what version 00 is.
  if (found === null || (header.length !== LENGTH && header.startsWith('00-'))) return undefined;
  return `00-${found[1]}-${found[2]}-${found[3]}`;
}

/** The request all of it belongs to, 32 hexadecimal digits: what logs bear. */
export const traceId = (trace: Trace): string => trace.slice(ID_AT, PARENT_AT - 1);

/** The step before, 16 hexadecimal digits. */
export const parentId = (trace: Trace): string => trace.slice(PARENT_AT, PARENT_END);

/** Whether whoever began it wants its steps recorded. */
export const isSampled = (trace: Trace): boolean =>
  (Number.parseInt(trace.slice(PARENT_END + 1), HEX) & SAMPLED) === SAMPLED;

/** The same request, one step further. @param parent 16 hexadecimal digits */
export const further = (trace: Trace, parent: string): Trace =>
  trace.slice(0, PARENT_AT) + parent + trace.slice(PARENT_END);

/** Of a command. */
export const traceOf = (command: object): Trace | undefined => (command as { trace?: Trace }).trace;

/** A command that bears it. */
export const traced = <C extends object>(command: C, trace: Trace | undefined): C =>
  trace === undefined ? command : { ...command, trace };
