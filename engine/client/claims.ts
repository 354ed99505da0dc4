import type { Command } from '../domain/commands.ts';
import type { Answer } from '../domain/decision.ts';
import { folderOf, type Id, isKind, KIND, parts } from '../domain/ids.ts';
import { PARTITIONS } from '../domain/placement.ts';
import type { CaseState } from '../domain/records/case.ts';
import { decode } from '../domain/records/codec.ts';
import type { FileState } from '../domain/records/file.ts';
import type { FolderState } from '../domain/records/folder.ts';
import { caseName, fileName, folderName } from '../domain/records/names.ts';
import { keysOf, parkKey, recordKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import { readEvents } from './events.ts';

/** Bytes in the store, and whose they were meant to be. */
export interface Deposited {
  /** attachment of a folder, case of an event, or file sent before its folder */
  owner: Id;
  /** name of the blob */
  name: string;
}

/** What a partition says of some blobs. */
export interface Claimed {
  /** number of its last commit: smaller than before in a Redis that went back */
  turn: number;
  /** names that a record bears: they are purged with it */
  named: Set<string>;
  /** names that a message bears which is not decided yet, or of which nobody can say */
  queued: Set<string>;
}

/** Messages looked through at once, and at most: a partition with more is in trouble, and all of its blobs are wanted. */
const PAGE = 200;
const MESSAGES = 10_000;

/** The partition of the record that would name a blob of this owner; undefined when no record could. */
export function claimant(owner: Id): number | undefined {
  if (isKind(owner, KIND.attachment, PARTITIONS)) return parts(folderOf(owner)).home;
  const own = isKind(owner, KIND.case, PARTITIONS) || isKind(owner, KIND.file, PARTITIONS);
  return own ? parts(owner).home : undefined;
}

/**
 * Says which blobs are wanted. A message only goes on: from the mailbox to its record, or to a dead letter and from there
 * to its record. Looking in that order, none is missed that had been accepted before. The barrier comes first: the
 * partition's owner answers it with a commit, which a Redis that lost some refuses until they are done again.
 */
export class Claims {
  readonly #reads: Reads;
  readonly #ask: (partition: number, command: Command) => Promise<Answer>;

  constructor(reads: Reads, ask: (partition: number, command: Command) => Promise<Answer>) {
    this.#reads = reads;
    this.#ask = ask;
  }

  /** @param blobs whose claimant is this partition. @throws when Redis or the partition's owner does not answer */
  async look(partition: number, blobs: readonly Deposited[]): Promise<Claimed> {
    const waiting = await this.#waiting(partition);
    const turn = Number((await this.#reads.client.hget(keysOf(partition).lease, 'turn')) ?? 0);
    const names = blobs.map(({ name }) => name);
    if (waiting === undefined) return { turn, named: new Set(), queued: new Set(names) };
    const queued = new Set(names.filter((name) => waiting.has(name)));
    const named = new Set<string>();
    const owners = Map.groupBy(blobs, ({ owner }) => owner);
    for (const [owner, deposited] of owners) {
      const kept = await this.#named(partition, owner);
      for (const { name } of deposited) {
        if (kept === undefined) queued.add(name);
        else if (kept.has(name)) named.add(name);
      }
    }
    return { turn, named, queued };
  }

  /** Words of all that is not decided, after a turn of the owner; undefined when it is too much. */
  async #waiting(partition: number): Promise<Set<string> | undefined> {
    const answer = await this.#ask(partition, { kind: 'barrier' });
    if (answer.status >= 300) throw new Error(`partition ${partition} answers a barrier with ${answer.status}`);
    const texts = await this.#messages(partition);
    // A message is JSON, in a dead letter perhaps quoted once more.
    return texts && new Set(texts.flatMap((text) => text.split(/["\\]+/)));
  }

  /** Everything that is not decided; undefined when it is too much. */
  async #messages(partition: number): Promise<string[] | undefined> {
    const { in: mailbox, dead, parked } = keysOf(partition);
    const texts: string[] = [];
    const add = async (stream: string): Promise<boolean> => {
      for (let from = '-'; texts.length < MESSAGES; ) {
        const page = await this.#reads.client.xrange(stream, from, '+', 'COUNT', PAGE);
        for (const [, fields] of page) texts.push(...fields);
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) return true;
        from = `(${last[0]}`;
      }
      return false;
    };
    if (!(await add(mailbox)) || !(await add(dead))) return undefined;
    for (const actor of await this.#reads.client.hkeys(parked))
      if (!(await add(parkKey(partition, actor)))) return undefined;
    return texts;
  }

  /** Names in the owner's record; undefined when it cannot be read. */
  async #named(partition: number, owner: Id): Promise<Set<string | null> | undefined> {
    try {
      if (isKind(owner, KIND.file, PARTITIONS)) return await this.#ofFile(partition, owner);
      return isKind(owner, KIND.case, PARTITIONS)
        ? await this.#ofCase(partition, owner)
        : await this.#ofFolder(partition, folderOf(owner));
    } catch {
      return undefined;
    }
  }

  async #ofFolder(partition: number, id: Id): Promise<Set<string | null>> {
    const [folder] = await this.#records<FolderState>(partition, [folderName(id)]);
    return new Set(folder?.attachments.map(({ blob }) => blob));
  }

  /**
   * A file that was taken is wanted as long as its folder, or a deposit of it on its way, names the bytes. When neither
   * does, its record is asked to go, and the bytes at the next sweep: whoever claims the file meanwhile keeps both.
   */
  async #ofFile(partition: number, file: Id): Promise<Set<string | null> | undefined> {
    const [state] = await this.#records<FileState>(partition, [fileName(file)]);
    if (state === undefined || state.folder === null) return new Set(state && [state.blob]);
    const { folder, blob } = state;
    const { home } = parts(folder);
    // Nearly always so, and then nothing else need be asked.
    const first = await this.#ofFolder(home, folder);
    if (first.has(blob)) return first;
    const waiting = await this.#waiting(home);
    if (waiting === undefined || waiting.has(blob)) return undefined;
    const named = await this.#ofFolder(home, folder);
    if (named.has(blob)) return named;
    await this.#ask(partition, { kind: 'file.abandon', file, folder });
    return undefined;
  }

  /** An event only goes from the case's own record to a chunk. */
  async #ofCase(partition: number, id: Id): Promise<Set<string | null>> {
    const [state] = await this.#records<CaseState>(partition, [caseName(id)]);
    if (state === undefined) return new Set();
    const events = await readEvents((home, names) => this.#records(home, names), id, state);
    return new Set(events.flatMap(({ attachments }) => attachments.map(({ blob }) => blob)));
  }

  async #records<T>(partition: number, names: readonly string[]): Promise<(T | undefined)[]> {
    const texts = await this.#reads.all(names.map((name) => recordKey(partition, name)));
    return texts.map((text, index) => (text === null ? undefined : (decode(names[index] as string, text) as T)));
  }
}
