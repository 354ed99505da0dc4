import type { KeyObject } from 'node:crypto';
import type { AccessCounts } from '#engine/telemetry/access.ts';
import { dayOf, prune } from './days.ts';
import type { Entry } from './entry.ts';
import { DayFile } from './file.ts';
import { claimMember, type Member } from './member.ts';

/** Entries that wait for the disk, characters: past this, readings are refused. A hundred thousand files read. */
const WAITING_LENGTH = 32 * 1024 * 1024;
/** About what an entry has beside its cases, and what each of them has. */
const ENTRY_LENGTH = 320;
const CASE_LENGTH = 39;
const PRUNE_MS = 3_600_000;

export interface AccessOptions {
  folder: string;
  key: KeyObject;
  clock: () => number;
  counts: AccessCounts;
  onError: (error: unknown) => void;
}

interface Waiting {
  entry: Entry;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * What agents read, on disk before they are answered. Entries that come while a group is being written share the next
 * write. Nothing is opened before the first agent reads: software's requests never come here.
 */
export class AccessLog {
  readonly #options: AccessOptions;
  #member: Member | undefined;
  #file: DayFile | undefined;
  #waiting: Waiting[] = [];
  #length = 0;
  #pumping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AccessOptions) {
    this.#options = options;
  }

  get folder(): string {
    return this.#options.folder;
  }

  /** Days that are over go now, and within an hour of being so. */
  async start(): Promise<void> {
    await this.#prune();
    this.#timer = setInterval(() => void this.#prune(), PRUNE_MS).unref();
  }

  /** Resolves when the entry is on disk. @throws when it is not: whoever reads must not be answered */
  write(entry: Entry): Promise<void> {
    const length = ENTRY_LENGTH + entry.cases.length * CASE_LENGTH;
    if (this.#length + length > WAITING_LENGTH) {
      this.#options.counts.entries.inc({ outcome: 'refused' });
      return Promise.reject(new Error('too many entries wait for the disk'));
    }
    this.#length += length;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      this.#pumping ??= this.#pump();
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#pumping;
    await this.#file?.close();
    this.#member?.release();
    this.#file = undefined;
    this.#member = undefined;
  }

  async #pump(): Promise<void> {
    const { counts, onError } = this.#options;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      this.#length = 0;
      const ended = counts.seconds.startTimer();
      try {
        const file = await this.#today();
        await file.append(group.map(({ entry }) => entry));
        ended();
        counts.entries.inc({ outcome: 'written' }, group.length);
        for (const { resolve } of group) resolve();
      } catch (error) {
        // what of the group is on disk is found when the file is opened anew
        await this.#file?.close().catch(() => undefined);
        this.#file = undefined;
        counts.entries.inc({ outcome: 'refused' }, group.length);
        onError(error);
        for (const { reject } of group) reject(error);
      }
    }
    this.#pumping = undefined;
  }

  async #today(): Promise<DayFile> {
    const { folder, key, clock } = this.#options;
    const today = dayOf(clock());
    if (this.#file !== undefined && this.#file.day >= today) return this.#file;
    await this.#file?.close();
    this.#file = undefined;
    this.#member ??= claimMember(folder);
    this.#file = await DayFile.open(folder, this.#member.name, today, key);
    return this.#file;
  }

  async #prune(): Promise<void> {
    try {
      await prune(this.#options.folder, this.#options.clock());
    } catch (error) {
      this.#options.onError(error);
    }
  }
}
