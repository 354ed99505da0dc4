/** What `/metrics` of one or several processes says, in Prometheus' text form (exposition format 0.0.4). */

export interface Sample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

export type Filter = (labels: Readonly<Record<string, string>>) => boolean;

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: -?\d+)?$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"(?:,|$)/g;
const ESCAPES: Record<string, string> = { n: '\n', '"': '"', '\\': '\\' };

/** @throws Error at a line that is none */
export function parse(text: string): Sample[] {
  const found: Sample[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name === undefined) throw new Error(`not a line of metrics: ${line.slice(0, 80)}`);
    found.push({ name, labels: labelsOf(labels), value: readNumber(value as string) });
  }
  return found;
}

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(LABEL))
    labels[name as string] = (value as string).replace(/\\(.)/g, (_, letter) => ESCAPES[letter] ?? letter);
  return labels;
}

const readNumber = (text: string): number =>
  text === '+Inf' ? Number.POSITIVE_INFINITY : text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);

/** Samples of all processes of a hub, by name. */
export class Exposition {
  readonly #samples: Map<string, Sample[]>;

  constructor(samples: readonly Sample[]) {
    this.#samples = Map.groupBy(samples, ({ name }) => name);
  }

  /** undefined: no process has such a metric */
  sum(name: string, filter: Filter = () => true): number | undefined {
    const found = this.of(name, filter);
    return found?.reduce((total, { value }) => total + value, 0);
  }

  max(name: string, filter: Filter = () => true): number | undefined {
    const found = this.of(name, filter);
    return found && Math.max(...found.map(({ value }) => value));
  }

  of(name: string, filter: Filter = () => true): Sample[] | undefined {
    const found = this.#samples.get(name)?.filter(({ labels }) => filter(labels));
    return found === undefined || found.length === 0 ? undefined : found;
  }
}

/** By how much a counter grew; undefined where it is not in both. One that began anew counts from 0. */
export function grown(now: Exposition, before: Exposition, name: string, filter?: Filter): number | undefined {
  const [a, b] = [before.sum(name, filter), now.sum(name, filter)];
  if (b === undefined) return undefined;
  return a === undefined || b < a ? b : b - a;
}

/**
 * The value below which a share of what a histogram saw between two looks lies: the upper bound of its bucket, as
 * exact as buckets are. undefined: it saw nothing.
 */
export function quantile(now: Exposition, before: Exposition, name: string, share: number): number | undefined {
  const counts = new Map<number, number>();
  for (const [exposition, sign] of [
    [now, 1],
    [before, -1],
  ] as const) {
    for (const { labels, value } of exposition.of(`${name}_bucket`) ?? []) {
      const bound = readNumber(labels['le'] ?? '+Inf');
      counts.set(bound, (counts.get(bound) ?? 0) + sign * value);
    }
  }
  const total = counts.get(Number.POSITIVE_INFINITY) ?? 0;
  if (total <= 0) return undefined;
  const bounds = [...counts.keys()].sort((a, b) => a - b);
  return bounds.find((bound) => (counts.get(bound) ?? 0) >= share * total);
}
