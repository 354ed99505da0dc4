import { setTimeout as delay } from 'node:timers/promises';
import { BEYOND } from '#engine/client/feed.ts';
import { Recent } from '#engine/client/recent.ts';
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
/** Organisations whose senders are remembered: more than there are towns that work in one hour. */
const KEPT_SENDERS = 16_384;

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
  /** what was heard and is not in the file yet, and whose list it changes; undefined: any */
  readonly #heard = new Map<Promise<unknown>, OrgKey | undefined>();
  /** who sent to whom, when it was looked at last */
  readonly #senders = new Recent<OrgKey, readonly OrgKey[]>(KEPT_SENDERS);
  /** what calls of one request wait for, asked in the same moment */
  readonly #catching = new Map<string, Promise<Age>>();

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
      case 'case.resolve':
      case 'case.undo':
      case 'case.assign':
        // a recipient moves its own cases only
        this.#await(this.touch(command.case), command.caller.scope === 'SI' ? command.caller.org : undefined);
        break;
      case 'mailbox.delete': {
        if (command.caller.scope !== 'SI') break;
        const { home: partition, box, sequence } = notificationParts(command.notification);
        const place = { partition, recipient: command.caller.org, process: '', box };
        const range = { place, after: sequence - 1, limit: 1, to: sequence };
        this.#await(writer.pen.put({ cases: [], boxes: [range] }), command.caller.org);
        break;
      }
      case 'mailbox.migrate':
        for (const org of [command.source, command.target])
          this.#await(writer.follower.refill(org, 'migrated', true), undefined);
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
  caught(orgs: readonly OrgKey[]): Promise<Age> {
    const name = orgs.join(' ');
    const known = this.#catching.get(name);
    if (known !== undefined) return known;
    const age = this.#caught(orgs);
    this.#catching.set(name, age);
    // Whoever asks later must wait for what was answered meanwhile.
    queueMicrotask(() => this.#catching.delete(name));
    return age;
  }

  async #caught(orgs: readonly OrgKey[]): Promise<Age> {
    const now = this.#parts.hub.now();
    const asked = performance.now();
    const ends = await this.#ends(orgs);
    for (const org of orgs) this.#writer?.upkeep.asked(org);
    const delays = this.#writer?.delays.look();
    if (delays !== undefined) this.#await(delays, undefined);
    const late = !this.#has(ends, orgs) && !(await this.#comes(ends, orgs, PATIENCE_MS - (performance.now() - asked)));
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
    // Who sent to them before is looked at with them, in one read: it is mostly all there is.
    const before = new Set(orgs.flatMap((org) => this.#senders.get(org) ?? []));
    const [own] = await Promise.all([look(orgs), look(before)]);
    const senders = own.map(({ processes }, index) => {
      const found = new Set(
        Array.from(processes.values(), (code) => referential.process(code)?.osl).flatMap((one) =>
          one ? orgKey(one) : [],
        ),
      );
      this.#senders.set(orgs[index] as OrgKey, [...found]);
      return [...found];
    });
    await look(new Set(senders.flat().filter((org) => !ends.has(org))));
    return ends;
  }

  /** Whether it has it already, as it mostly has. */
  #has(ends: ReadonlyMap<OrgKey, number>, orgs: readonly OrgKey[]): boolean {
    const writer = this.#writer;
    if (writer === undefined || this.#waitedFor(orgs).length > 0) return false;
    return [...ends].every(([org, last]) => writer.reached.has(org, last));
  }

  /** @param ms to wait at most @returns whether it has it then */
  async #comes(ends: ReadonlyMap<OrgKey, number>, orgs: readonly OrgKey[], ms: number): Promise<boolean> {
    const patience = AbortSignal.timeout(Math.max(0, Math.ceil(ms)));
    const [reached] = await Promise.all([this.#until(ends, patience), this.#settled(orgs, patience)]);
    return reached && !patience.aborted;
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

  #waitedFor(orgs: readonly OrgKey[]): Promise<unknown>[] {
    return [...this.#heard].flatMap(([done, org]) => (org === undefined || orgs.includes(org) ? [done] : []));
  }

  async #settled(orgs: readonly OrgKey[], patience: AbortSignal): Promise<void> {
    const theirs = this.#waitedFor(orgs);
    if (theirs.length === 0) return;
    const aborted = new Promise<void>((resolve) => {
      patience.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([aborted, Promise.all(theirs)]);
  }

  #await(work: Promise<unknown>, org: OrgKey | undefined): void {
    const done = work.catch(() => undefined);
    this.#heard.set(done, org);
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
