import { setTimeout as delay } from 'node:timers/promises';
import { BEYOND } from '#engine/client/feed.ts';
import type { Command } from '#engine/domain/commands.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { type Id, notificationParts } from '#engine/domain/ids.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import type { Listener } from './heard.ts';
import { Link } from './link.ts';
import type { Marks } from './marks.ts';
import type { Search } from './search.ts';
import { type IndexParts, Writer } from './writer.ts';

/** How long a list waits for the index to have what its organisation's feed says. ms */
const PATIENCE_MS = 500;
/** Between two looks of a process that only reads. ms */
const LOOK_MS = 20;
/** Between two tries to open what is not open. ms */
const AGAIN_MS = 5_000;
const MS = 1_000;

/** Until when an answer of the index holds. */
export interface Age {
  /** ms; null: nothing of it was read yet */
  asOf: number | null;
  late: boolean;
}

/** Lists of cases, searches and counters of this process: reads the index's file, and writes it if nobody else does. */
export class Lists implements Listener {
  readonly marks: Marks;
  readonly #parts: IndexParts;
  readonly #stop = new AbortController();
  #reader: Link<Search> | undefined;
  #writer: Writer | undefined;
  #keeping: Promise<void> | undefined;
  /** what was heard and is not in the file yet */
  readonly #heard = new Set<Promise<unknown>>();

  /** @param marks places of lists, as callers hold them */
  constructor(parts: IndexParts, marks: Marks) {
    this.#parts = parts;
    this.marks = marks;
    parts.counts.watch({
      writes: () => this.writes,
      behind: () => this.#writer?.follower.behind ?? 0,
      rows: async () => (await this.#reader?.call('state').catch(() => undefined))?.rows ?? 0,
    });
  }

  /** Resolves once it is open, or cannot be now; tries again from time to time. Never throws. */
  async start(): Promise<void> {
    const opened = this.#open();
    this.#keeping = opened.then(() => this.#keep());
    await opened;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#keeping;
    await this.#writer?.close().catch(() => undefined);
    await this.#reader?.close();
  }

  /** Whether this process writes the file. */
  get writes(): boolean {
    return this.#writer !== undefined && !this.#writer.down;
  }

  /** Reads one case again. Resolves once it is in the index; where another process writes it, once that has its feeds. */
  async touch(id: Id): Promise<void> {
    if (this.#writer !== undefined) await this.#writer.pen.put({ cases: [id] });
  }

  heard(command: Command): void {
    const writer = this.#writer;
    if (writer === undefined) return;
    switch (command.kind) {
      case 'case.patch':
      case 'case.event':
      case 'case.event.patch':
        this.#await(this.touch(command.case));
        break;
      case 'mailbox.delete': {
        if (command.caller.scope !== 'SI') break;
        const { home: partition, box, sequence } = notificationParts(command.notification);
        const place = { partition, recipient: command.caller.org, process: '', box };
        const range = { place, after: sequence - 1, limit: 1, to: sequence };
        this.#await(writer.pen.put({ cases: [], boxes: [range] }));
        break;
      }
      case 'mailbox.migrate':
        for (const org of [command.source, command.target]) this.#await(writer.follower.refill(org, 'migrated', true));
    }
  }

  /** Asks the index. @throws DomainError busy when it is not open */
  async ask<N extends keyof Search & string>(
    name: N,
    ...values: Parameters<Search[N]>
  ): Promise<ReturnType<Search[N]>> {
    const reader = this.#reader;
    if (reader === undefined || reader.down) throw new DomainError('busy');
    const end = this.#parts.counts.seconds.startTimer();
    try {
      return (await (reader.call as (...given: unknown[]) => Promise<unknown>).call(
        reader,
        name,
        ...values,
      )) as ReturnType<Search[N]>;
    } finally {
      end();
    }
  }

  /**
   * Waits until the index has what the feeds of these organisations say now, and those of who sends to them, which tell of
   * their own changes; PATIENCE_MS at most.
   */
  async caught(orgs: readonly OrgKey[]): Promise<Age> {
    const now = this.#parts.hub.now();
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const ends = await this.#ends(orgs);
    for (const org of orgs) this.#writer?.upkeep.asked(org);
    const [reached] = await Promise.all([this.#until(ends, patience), this.#settled(patience)]);
    const late = !reached || patience.aborted;
    this.#parts.counts.lists.inc({ late: String(late) });
    if (!late) return { asOf: now, late };
    const known = await this.ask('positions', orgs);
    return { asOf: known.length < orgs.length ? null : Math.min(...known.map(({ at }) => at)), late };
  }

  async #ends(orgs: readonly OrgKey[]): Promise<Map<OrgKey, number>> {
    const { feeds, referential } = this.#parts.hub;
    const ends = new Map<OrgKey, number>();
    const look = (some: Iterable<OrgKey>) =>
      Promise.all(
        Array.from(some, async (org) => {
          const page = await feeds.read(org, BEYOND, 1);
          ends.set(org, page.last);
          return page;
        }),
      );
    const own = await look(orgs);
    const codes = own.flatMap(({ processes }) => [...processes.values()]);
    const senders = codes.flatMap((code) => {
      const sender = referential.process(code)?.osl;
      return sender === undefined ? [] : [orgKey(sender)];
    });
    await look(new Set(senders));
    return ends;
  }

  async #until(ends: ReadonlyMap<OrgKey, number>, patience: AbortSignal): Promise<boolean> {
    const writer = this.#writer;
    if (writer !== undefined) {
      const behind = [...ends].filter(([org, last]) => !writer.reached.has(org, last));
      for (const [org] of behind) writer.follower.wake(org, true);
      await Promise.all(behind.map(([org, last]) => writer.reached.until(org, last, patience)));
      return behind.every(([org, last]) => writer.reached.has(org, last));
    }
    for (;;) {
      const known = await this.ask('positions', [...ends.keys()]);
      const at = new Map(known.map(({ org, position }) => [org, position]));
      if ([...ends].every(([org, last]) => (at.get(org) ?? -1) >= last)) return true;
      if (patience.aborted) return false;
      await delay(LOOK_MS);
    }
  }

  async #settled(patience: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      patience.addEventListener('abort', () => resolve(), { once: true });
    });
    if (this.#heard.size > 0) await Promise.race([aborted, Promise.all([...this.#heard])]);
  }

  #await(work: Promise<unknown>): void {
    const done = work.catch(() => undefined);
    this.#heard.add(done);
    void done.finally(() => this.#heard.delete(done));
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stop;
    for (;;) {
      await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      if (this.#writer === undefined || this.#writer.down || this.#reader === undefined || this.#reader.down)
        await this.#open();
    }
  }

  /** Writes if nobody does, then reads what there is. */
  async #open(): Promise<void> {
    const { log, hub } = this.#parts;
    const began = hub.now();
    try {
      if (this.#writer?.down) {
        await this.#writer.close().catch(() => undefined);
        this.#writer = undefined;
      }
      const before = this.#writer;
      this.#writer ??= await Writer.open(this.#parts);
      // Another process' file may have been thrown away by the one that writes now.
      const old = this.#reader;
      if (old === undefined || old.down || this.#writer !== before) {
        this.#reader = await Link.reader(this.#parts.folder);
        await old?.close();
      }
      if (this.#writer !== before) log.info({ seconds: (hub.now() - began) / MS }, 'index.writing');
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'index.open');
    }
  }
}
