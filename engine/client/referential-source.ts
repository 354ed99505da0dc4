/** Where the copy of the referential reads from: Redis in the hub, a fake in tests. Every promise settles. */
export interface ReferentialSource {
  /** Version of the referential now: raised by every commit that changes a record. */
  version(): Promise<number>;
  /**
   * Names of the records changed after version `since`, up to `version`, which may still be behind the newest one;
   * undefined when that is no longer known.
   */
  changes(since: number): Promise<{ version: number; names: readonly string[] } | undefined>;
  /** Stored texts of records, null where there is none. */
  load(names: readonly string[]): Promise<readonly (string | null)[]>;
  /** All records of one kind, in pages of [rest of the name, stored text]; a record may come twice. */
  scan(letter: string, onPage: (pairs: readonly (readonly [key: string, text: string])[]) => void): Promise<void>;
}
