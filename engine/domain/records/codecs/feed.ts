import type { Id } from '../../ids.ts';
import type { CaseStatus } from '../case.ts';
import {
  type ConsumersState,
  type Cursor,
  FEED_TYPES,
  type FeedEntry,
  type FeedState,
  type FeedType,
} from '../feed.ts';
import { SEAL_LENGTH, seal, unseal } from '../seal.ts';
import { statusCode, statusText } from './case.ts';
import type { Row } from './field.ts';

/** Between the parts of an entry; in none of them. */
const SEPARATOR = '.';
const RADIX = 36;
const TRACE = '~';
const VERSION = '00-';
/** Of one consumer. */
const FIELDS = 3;
const TYPES = new Map(Object.entries(FEED_TYPES).map(([type, letter]) => [letter as string, type as FeedType]));

/**
 * An entry as the list holds it: sequence first, which the function that reads the list looks for (reads.lua), then time,
 * type, status, box, case and event. Some 75 bytes. A trace goes with the box, behind a sign that ends its number for who
 * does not look for one; its version, which is always the same, is left out.
 */
export function encodeFeedEntry({ sequence, ms, type, status, box, case: case_, event, trace }: FeedEntry): string {
  const parts = [sequence.toString(RADIX), ms.toString(RADIX), FEED_TYPES[type] + (statusCode(status) ?? '')];
  const place = box.toString(RADIX);
  parts.push(trace === undefined ? place : place + TRACE + trace.slice(VERSION.length), case_);
  if (event !== null) parts.push(event);
  return seal(parts.join(SEPARATOR));
}

/** Of a stored entry, whose seal is not looked at. */
export const sequenceOf = (text: string): number =>
  Number.parseInt(text.slice(SEAL_LENGTH, text.indexOf(SEPARATOR, SEAL_LENGTH)), RADIX);

/** @throws CorruptRecord */
export function decodeFeedEntry(list: string, text: string): FeedEntry {
  const [sequence, ms, kind, box, case_, event] = unseal(list, text).split(SEPARATOR) as [
    ...[string, string, string, string, Id],
    Id?,
  ];
  const status = kind.slice(1);
  const traceAt = box.indexOf(TRACE);
  return {
    sequence: Number.parseInt(sequence, RADIX),
    ms: Number.parseInt(ms, RADIX),
    type: TYPES.get(kind[0] as string) as FeedType,
    box: Number.parseInt(box, RADIX),
    case: case_,
    event: event ?? null,
    status: status === '' ? null : (statusText(Number(status)) as CaseStatus),
    ...(traceAt > 0 && { trace: VERSION + box.slice(traceAt + 1) }),
  };
}

export const encodeFeed = (feed: FeedState | null): Row | null => feed && [feed.kept, feed.at, feed.marks.flat()];

export function decodeFeed(value: unknown): FeedState | null {
  if (value === null || value === undefined) return null;
  const [kept, at, flat] = value as [number, number, number[]];
  const marks = Array.from({ length: flat.length / 2 }, (_, n) => [flat[2 * n], flat[2 * n + 1]] as [number, number]);
  return { kept, at, marks };
}

/** A reader that is pushed to writes its holder beside the time. */
export const encodeConsumers = ({ consumers }: ConsumersState): Row =>
  Object.entries(consumers).flatMap(([name, { acknowledged, at, holder }]) => [
    name,
    acknowledged,
    ...(holder === undefined ? [at] : [[at, holder]]),
  ]);

export function decodeConsumers(row: Row): ConsumersState {
  const consumers = Array.from({ length: row.length / FIELDS }, (_, n): [string, Cursor] => {
    const [name, acknowledged, last] = row.slice(n * FIELDS) as [string, number, number | [number, string]];
    const [at, holder] = typeof last === 'number' ? [last] : last;
    return [name, { acknowledged, at, ...(holder !== undefined && { holder }) }];
  });
  // A name every object has becomes a property like any other.
  return { consumers: Object.fromEntries(consumers) };
}
