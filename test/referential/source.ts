import type { ReferentialSource } from '#engine/client/referential-source.ts';
import { encode } from '#engine/domain/records/codec.ts';

/** The referential as Redis keeps it. Calls wait until the test lets them go, unless `open`. */
export class FakeSource implements ReferentialSource {
  readonly texts = new Map<string, string>();
  readonly log: { version: number; name: string }[] = [];
  /** changes told at once */
  page = Number.POSITIVE_INFINITY;
  /** changes up to this version are forgotten */
  forgotten = 0;
  readonly calls: string[] = [];
  open = true;
  readonly #held: (() => void)[] = [];
  #version = 1;

  write(name: string, state: object | null): void {
    if (state === null) this.texts.delete(name);
    else this.texts.set(name, encode(name, state));
    this.#version += 1;
    this.log.push({ version: this.#version, name });
  }

  /** Restored from an older copy of the data. */
  rewind(version: number): void {
    this.#version = version;
  }

  /** Lets the calls go that wait now. */
  release(): void {
    for (const go of this.#held.splice(0)) go();
  }

  get held(): number {
    return this.#held.length;
  }

  /** Answers are taken when the call is made, as a server that executed it, and given when let go. */
  #answer<T>(call: string, value: T): Promise<T> {
    this.calls.push(call);
    if (this.open) return Promise.resolve(value);
    return new Promise((resolve) => this.#held.push(() => resolve(value)));
  }

  version(): Promise<number> {
    return this.#answer('version', this.#version);
  }

  changes(since: number): Promise<{ version: number; names: string[] } | undefined> {
    const told = this.log.filter(({ version }) => version > since).slice(0, this.page);
    const version = told.at(-1)?.version ?? since;
    const names = told.map(({ name }) => name);
    return this.#answer('changes', since >= this.forgotten ? { version, names } : undefined);
  }

  load(names: readonly string[]): Promise<(string | null)[]> {
    return this.#answer(
      `load ${names.join(' ')}`,
      names.map((name) => this.texts.get(name) ?? null),
    );
  }

  async scan(letter: string, onPage: (pairs: readonly (readonly [string, string])[]) => void): Promise<void> {
    await this.#answer(`scan ${letter}`, undefined);
    for (const [name, text] of this.texts) {
      if (name.startsWith(letter)) onPage([[name.slice(1), text]]);
    }
  }
}
