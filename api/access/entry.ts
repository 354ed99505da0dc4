import { createHmac, type KeyObject } from 'node:crypto';

/** What an agent read. */
export const READINGS = ['case', 'event', 'file', 'list', 'export'] as const;
export type Reading = (typeof READINGS)[number];

/** One reading by one agent: who, what, when; nothing of what was read. */
export interface Entry {
  /** ISO 8601, UTC */
  at: string;
  kind: Reading;
  /** method and template of the route */
  route: string;
  agent: string;
  /** key of the organisation it acts for; '' when it has chosen none */
  org: string;
  /** beginning of the hash of its session's secret */
  session: string;
  /** UUIDs, as the API writes them */
  cases: readonly string[];
  /** UUID of the event, of the attachment, or of the export */
  part?: string;
  /** `X-Request-Id` of the answer */
  request: string;
}

/** First line of each file: whose it is, which one it follows, and the chain it goes on from. */
export interface Head {
  file: string;
  after: string | null;
  from: string;
}

const CHAINED = /^(.*),"chain":"([\w-]{43})"\}$/s;

/**
 * A line and its chain, over the chain before and all the line says. With a key that the files do not hold: who can write
 * them cannot make another chain that is right.
 */
export function chained(key: KeyObject, before: string, content: object): { line: string; chain: string } {
  const body = JSON.stringify(content).slice(0, -1);
  const chain = over(key, before, body);
  return { line: `${body},"chain":"${chain}"}\n`, chain };
}

/** The chain a line bears, if it is the right one behind `before`. */
export function chainBehind(key: KeyObject, before: string, line: string): string | undefined {
  const [, body, chain] = CHAINED.exec(line) ?? [];
  return body !== undefined && over(key, before, body) === chain ? chain : undefined;
}

/** The chain a line bears, right or not. */
export const chainOf = (line: string): string | undefined => CHAINED.exec(line)?.[2];

const over = (key: KeyObject, before: string, body: string): string =>
  createHmac('sha256', key).update(before).update(body).digest('base64url');

/** Undefined: a line that is no entry. */
export function entryOf(line: string): Entry | undefined {
  try {
    const read = JSON.parse(line) as Partial<Entry> | null;
    return typeof read?.at === 'string' && Array.isArray(read.cases) ? (read as Entry) : undefined;
  } catch {
    return undefined;
  }
}
