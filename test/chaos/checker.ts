import type { Country } from './country.ts';
import { checkFeed, checkReader } from './feeds.ts';
import { acknowledged, type Entry, type History, type Note, SENDER_DESK, type Way, wayOf } from './history.ts';
import { checkKeys, checkStrangers } from './keys.ts';
import { nameOf, reordered, spansOf } from './order.ts';
import type { CaseSeen, Readback } from './readback.ts';
import { stale } from './stale.ts';

/** Holds what the product shows at the end against what it answered before. `broken`: it behaved as it must not. */
export type Sort = 'lost' | 'doubled' | 'reordered' | 'broken';

export interface Finding {
  sort: Sort;
  /** what is wrong, in one line */
  what: string;
  /** folders, cases and events whose requests tell the story */
  ids: string[];
  /** by which road; absent: the contract's */
  way?: Way;
}

export class Checker {
  readonly #history: History;
  readonly #read: Readback;
  readonly #country: Country;
  readonly #findings: Finding[] = [];
  readonly #ofNote = new Map<string, Note>();
  readonly #refused: Finding[] = [];
  /** requests that told a town of a case */
  readonly #deliveries: readonly Entry[];
  /** by which road the folders and cases of these ids came */
  readonly #ways = new Map<string | undefined, Way>();
  /** cases that a desk or a feed was told of */
  readonly #told = new Map<string, number>();

  constructor(history: History, read: Readback, country: Country) {
    this.#history = history;
    this.#read = read;
    this.#country = country;
    this.#deliveries = history.deliveries;
    for (const entry of this.#deliveries) for (const id of [entry.folder, entry.case]) this.#ways.set(id, wayOf(entry));
  }

  /** @param spoilt files that the run has damaged: as many may be refused */
  async check(spoilt: number): Promise<Finding[]> {
    const events = this.#history.of('event');
    for (const [who] of this.#country.towns.entries()) {
      const told = this.#deliveries.filter((entry) => entry.who === who);
      await this.#checkDesk(who, told);
      await this.#checkFeed(who, told);
    }
    await this.#checkDesk(SENDER_DESK, events);
    await this.#checkFeed(SENDER_DESK, events);
    this.#checkLists();
    this.#findings.push(...checkKeys(this.#history));
    await this.#checkStrangers();
    await this.#checkFolders();
    await this.#checkCases();
    if (this.#refused.length > spoilt) this.#findings.push(...this.#refused);
    return this.#findings;
  }

  #find(sort: Sort, what: string, ...ids: (string | undefined)[]): void {
    const way = this.#ways.get(ids[0]) ?? 'contract';
    this.#findings.push({ sort, what, ids: ids.filter((id) => id !== undefined), way });
  }

  /** The whole feed as it is at the end, and what its readers were given on the way. */
  async #checkFeed(who: number, told: readonly Entry[]): Promise<void> {
    const entries = this.#history.entries.filter((entry) => entry.who === who && entry.reader !== undefined);
    if (entries.length === 0) return;
    const feed = await this.#read.feed(who);
    this.#findings.push(...checkFeed(who, feed, told, spansOf(this.#history)));
    for (const read of Map.groupBy(entries, ({ reader }) => reader).values())
      this.#findings.push(...checkReader(read, feed));
    for (const news of feed) this.#told.set(news.case, who);
  }

  async #checkStrangers(): Promise<void> {
    const known = new Set(this.#deliveries.map((entry) => entry.case));
    const strangers: [key: string, id: string][] = [];
    for (const [id, who] of this.#told) {
      if (known.has(id) || who === SENDER_DESK) continue;
      strangers.push([(await this.#read.case(who, id))?.externalId ?? '', id]);
    }
    this.#findings.push(...checkStrangers(strangers, this.#history));
  }

  /** What was acknowledged to have been told is in the list once, unless its reader deleted it. */
  async #checkDesk(who: number, told: readonly Entry[]): Promise<void> {
    const list = await this.#read.list(who);
    for (const note of list) {
      this.#ofNote.set(`${who} ${nameOf(note)}`, note);
      this.#told.set(note.case, who);
    }
    const times = new Map<string, number>();
    for (const note of list) times.set(nameOf(note), (times.get(nameOf(note)) ?? 0) + 1);
    for (const [name, count] of times) {
      if (count > 1) this.#find('doubled', `${count} notifications of ${name} in the last list of ${who}`, name);
    }
    const deletions = this.#history.of('delete').filter((entry) => entry.who === who);
    const deleted = new Set(deletions.map(({ note }) => nameOf(note as Note)));
    for (const entry of told.filter(acknowledged)) {
      const name = (entry.event ?? entry.case) as string;
      if (!times.has(name) && !deleted.has(name))
        this.#find('lost', `the notification of ${name} to ${who}`, name, entry.case);
    }
    const shown = new Set(list.map(({ id }) => id));
    for (const { note } of deletions.filter(acknowledged)) {
      if (note !== undefined && shown.has(note.id))
        this.#find('lost', `the deletion of notification ${note.id} of ${who}`, note.case);
    }
    const spans = spansOf(this.#history);
    for (const [before, after] of reordered(list, spans)) {
      this.#find(
        'reordered',
        `${after} was acknowledged before ${before} was asked, and comes after it`,
        before,
        after,
      );
    }
  }

  /** What lists showed on the way: the same thing under two numbers, or in a wrong order. */
  #checkLists(): void {
    const spans = spansOf(this.#history);
    for (const { list, who } of this.#history.of('list')) {
      for (const note of list ?? []) {
        const known = this.#ofNote.get(`${who} ${nameOf(note)}`);
        if (known !== undefined && known.id !== note.id)
          this.#find('doubled', `${who} was told of ${nameOf(note)} by ${known.id} and by ${note.id}`, note.case);
        this.#ofNote.set(`${who} ${nameOf(note)}`, note);
        this.#told.set(note.case, who);
      }
      for (const [before, after] of reordered(list ?? [], spans))
        this.#find('reordered', `${who} was shown ${after} after ${before}`, before, after);
    }
    this.#findings.push(...stale(this.#history));
  }

  async #checkFolders(): Promise<void> {
    const native = this.#deliveries.filter((entry) => entry.key !== undefined && acknowledged(entry));
    const folders = new Map(
      this.#history
        .of('deposit')
        .filter(acknowledged)
        .map((entry) => [entry.folder, entry]),
    );
    for (const entry of native) folders.set(entry.folder, entry);
    const [uploaded, completed] = (['upload', 'complete'] as const).map(
      (kind) =>
        new Set(
          this.#history
            .of(kind)
            .filter(acknowledged)
            .map(({ folder }) => folder),
        ),
    ) as [Set<string | undefined>, Set<string | undefined>];
    for (const { folder } of native) for (const done of [uploaded, completed]) done.add(folder);
    for (const { folder, file } of folders.values()) {
      const seen = await this.#read.folder(folder as string);
      if (seen === undefined) {
        this.#find('lost', `folder ${folder}`, folder);
        continue;
      }
      if (uploaded.has(folder) && seen.attachments.find(({ id }) => id === file)?.status !== 'RECEIVED')
        this.#find('lost', `the upload of ${file} of folder ${folder}`, folder);
      if (completed.has(folder) && seen.globalStatus === 'HUBEE_RECEIVED')
        this.#find('lost', `the completion of folder ${folder}`, folder);
    }
  }

  async #checkCases(): Promise<void> {
    const asked = new Map<string, Entry[]>();
    for (const entry of this.#history.of('event')) {
      const id = entry.case as string;
      asked.set(id, [...(asked.get(id) ?? []), entry]);
    }
    const done = new Map(this.#deliveries.filter(acknowledged).map((entry) => [entry.case as string, entry]));
    for (const [id, { who, file, digest }] of done) {
      const seen = await this.#read.case(who, id);
      if (seen === undefined) {
        this.#find('lost', `case ${id}`, id);
        continue;
      }
      this.#checkEvents(id, seen, asked.get(id) ?? []);
      const served = await this.#read.file(who, id, file as string);
      if (served === undefined)
        this.#refused.push({
          sort: 'lost',
          what: `file ${file} is refused`,
          ids: [id],
          way: this.#ways.get(id) ?? 'contract',
        });
      else if (served !== digest) this.#find('lost', `file ${file} is served otherwise than it was sent`, id);
    }
  }

  /** One town's requests on a case come one after the other: its events are in that order, the last one's status holds. */
  #checkEvents(id: string, seen: CaseSeen, asked: readonly Entry[]): void {
    const shown = seen.events.map((event) => event.id);
    // Counted by status, which a desk asks for once: beside a request without answer, another's double would not show.
    for (const [status, events] of Map.groupBy(seen.events, ({ caseNewStatus }) => caseNewStatus ?? undefined)) {
      const times = asked.filter(({ caseStatus }) => caseStatus === status).length;
      if (events.length > times)
        this.#find('doubled', `${events.length} events ${status} of case ${id}, ${times} asked`, id);
    }
    const kept = asked.filter(acknowledged).map(({ event }) => event as string);
    for (const event of kept) if (!shown.includes(event)) this.#find('lost', `event ${event} of case ${id}`, id, event);
    const order = shown.filter((event) => kept.includes(event)).join();
    const wanted = kept.filter((event) => shown.includes(event)).join();
    if (order !== wanted) this.#find('reordered', `events of case ${id}: ${order}, acknowledged ${wanted}`, id);
    const last = asked.at(-1);
    if (last !== undefined && acknowledged(last) && seen.status !== last.caseStatus)
      this.#find('lost', `status ${last.caseStatus} of case ${id}, which is ${seen.status}`, id);
  }
}
