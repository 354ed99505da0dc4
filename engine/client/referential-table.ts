import { type Order, type Page, pageOf, View } from './referential-view.ts';

/** Orders kept sorted per kind of record; each costs one pointer per record. The least recently asked goes first. */
const MAX_VIEWS = 12;

const NONE: readonly never[] = [];

/** What a list endpoint asks for. */
export interface Selection<T> {
  order: Order<T>;
  where(item: T): boolean;
  offset: number;
  limit: number;
  /** only the items of this group */
  group?: string | undefined;
}

/** The records of one kind in memory: by key, by group, and in the orders that were asked for. */
export class Table<T extends object> {
  readonly #items = new Map<string, T>();
  readonly #groups: Map<string, readonly T[]>[];
  readonly #views = new Map<string, View<T>>();
  readonly #keyOf: (item: T) => string;
  readonly #groupsOf: readonly ((item: T) => string)[];

  /** What `groupsOf` say must not change over a record's life. */
  constructor(keyOf: (item: T) => string, ...groupsOf: ((item: T) => string)[]) {
    this.#keyOf = keyOf;
    this.#groupsOf = groupsOf;
    this.#groups = groupsOf.map(() => new Map());
  }

  get size(): number {
    return this.#items.size;
  }

  get(key: string): T | undefined {
    return this.#items.get(key);
  }

  all(): Iterable<T> {
    return this.#items.values();
  }

  /** @param by which of the groupings */
  group(group: string, by = 0): readonly T[] {
    return this.#groups[by]?.get(group) ?? NONE;
  }

  put(key: string, item: T): void {
    this.delete(key);
    this.#items.set(key, item);
    for (const [by, groupOf] of this.#groupsOf.entries()) {
      const group = groupOf(item);
      this.#groups[by]?.set(group, [...this.group(group, by), item]);
    }
    for (const view of this.#views.values()) view.add(item);
  }

  delete(key: string): void {
    const item = this.#items.get(key);
    if (!item) return;
    this.#items.delete(key);
    for (const [by, groupOf] of this.#groupsOf.entries()) {
      const group = groupOf(item);
      const rest = this.group(group, by).filter((other) => other !== item);
      if (rest.length > 0) this.#groups[by]?.set(group, rest);
      else this.#groups[by]?.delete(group);
    }
    for (const view of this.#views.values()) view.remove(item);
  }

  page({ order, where, offset, limit, group }: Selection<T>): Page<T> {
    if (group === undefined) return this.#view(order).page(where, offset, limit);
    return pageOf(this.group(group).toSorted(this.#total(order)), where, offset, limit);
  }

  /** The first item in an order for which `reached` holds; it must hold for all that follow, too. */
  first(order: Order<T>, reached: (item: T) => boolean): T | undefined {
    return this.#view(order).first(reached);
  }

  #view(order: Order<T>): View<T> {
    const view = this.#views.get(order.name) ?? new View(this.#total(order), this.#items.values());
    this.#views.delete(order.name);
    this.#views.set(order.name, view);
    if (this.#views.size > MAX_VIEWS) this.#views.delete(this.#views.keys().next().value as string);
    return view;
  }

  #total(order: Order<T>): (a: T, b: T) => number {
    return (a, b) => order.compare(a, b) || compareText(this.#keyOf(a), this.#keyOf(b));
  }
}

/** By UTF-16 code units: the same in every process and locale, and ten times as fast as a collation. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
