/**
 * What a process remembers of what it saw lately: at least `kept` entries, at most twice as many. Two generations, not
 * one map whose oldest entry goes: V8 looks for the first entry of a map past the holes of all those deleted before.
 */
export class Recent<K, V> {
  readonly #kept: number;
  #young = new Map<K, V>();
  #old = new Map<K, V>();

  constructor(kept: number) {
    this.#kept = kept;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: K, value: V): void {
    if (this.#young.size >= this.#kept) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, value);
  }
}
