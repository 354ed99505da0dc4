import assert from 'node:assert/strict';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import { decode, decodeNotification } from '#engine/domain/records/codec.ts';
import type { FolderState } from '#engine/domain/records/folder.ts';
import { boxSet, caseName, folderName, type RecordName, type States } from '#engine/domain/records/names.ts';
import type { NotificationState } from '#engine/domain/records/notification.ts';
import type { RecipientState } from '#engine/domain/records/recipient.ts';
import { Decided } from './decided.ts';
import type { Model } from './model.ts';
import type { Deposit } from './sender.ts';

interface CaseNotes {
  home: number;
  /** the last status answered */
  status: string;
  /** statuses asked for without a clear answer: they may come late */
  perhaps: Set<string>;
  events: Set<Id>;
}

/** Of what a notification tells. */
const named = (case_: Id, event: Id | null): string => `${case_} ${event ?? 'new'}`;

/**
 * What clients were answered, by the contract's words alone: the oracle that knows no partition, no message and no
 * decider. At rest the hub must hold exactly that.
 */
export class Book {
  readonly #folders = new Map<Id, { home: number; status: string | null }>();
  readonly #cases = new Map<Id, CaseNotes>();
  /** notification → told: must be there once · deleted: must not · perhaps: a deletion had no clear answer */
  readonly #told = new Map<string, 'told' | 'deleted' | 'perhaps'>();
  /** new cases whose completions followed one another: [earlier, later] */
  readonly #order: [Id, Id][] = [];
  /** completed so far, with those completed before it was asked for */
  readonly #completed: Id[] = [];
  /** organisations whose cases were migrated: their order is another's */
  readonly migrated = new Set<OrgKey>();
  readonly decided = new Decided();
  /** actors whose deliveries waited for an administrator */
  readonly waits: ReadonlySet<string>;

  constructor(waits: ReadonlySet<string>) {
    this.waits = waits;
  }

  deposited({ folder, home }: Deposit): void {
    this.#folders.set(folder, { home, status: 'HUBEE_RECEIVED' });
  }

  removed({ folder, home }: Deposit): void {
    this.#folders.set(folder, { home, status: null });
  }

  /** @returns to be called with the answer */
  completing({ folder, home, cases }: Deposit): () => void {
    const before = this.#completed.slice(-10);
    return () => {
      this.#folders.set(folder, { home, status: 'HUBEE_NOTIFIED' });
      for (const { id, home: at } of cases) {
        const known = this.#cases.get(id);
        const events = known?.events ?? new Set<Id>();
        this.#cases.set(id, { home: at, status: 'HUBEE_NOTIFIED', perhaps: new Set(), events });
        this.#told.set(named(id, null), 'told');
        for (const earlier of before) this.#order.push([earlier, id]);
      }
      this.#completed.push(...cases.map(({ id }) => id));
    };
  }

  patchedFolder({ folder, home }: Deposit, status: string): void {
    this.#folders.set(folder, { home, status });
  }

  perhapsStatus(id: Id, status: string): void {
    this.#cases.get(id)?.perhaps.add(status);
  }

  patched(id: Id, status: string): void {
    const notes = this.#cases.get(id);
    if (notes) notes.status = status;
  }

  event(id: Id, home: number, event: Id): void {
    const notes = this.#cases.get(id) ?? { home, status: 'HUBEE_RECEIVED', perhaps: new Set(), events: new Set() };
    this.#cases.set(id, notes);
    notes.events.add(event);
  }

  /** Sent: the other side must be told. */
  tells(case_: Id, event: Id): void {
    const name = named(case_, event);
    if (!this.#told.has(name)) this.#told.set(name, 'told');
  }

  deleted(case_: Id, event: Id | null): void {
    this.#told.set(named(case_, event), 'deleted');
  }

  deleting(case_: Id, event: Id | null): void {
    if (this.#told.get(named(case_, event)) === 'told') this.#told.set(named(case_, event), 'perhaps');
  }

  /** @param aged days went by: what is closed may be archived or gone. @throws AssertionError */
  check(model: Model, aged: boolean): void {
    const read = <N extends RecordName>(home: number, name: N): States[N] | undefined => {
      const text = model.place(home).records.get(name);
      return text === undefined ? undefined : (decode(name, text) as States[N]);
    };
    for (const [id, { home, status }] of this.#folders) {
      const folder = read(home, folderName(id));
      if (aged && status === 'CLOSED') continue;
      assert.equal(folder?.status ?? null, status, `status of folder ${id}`);
    }
    for (const [id, notes] of this.#cases) this.#checkCase(id, notes, read(notes.home, caseName(id)), aged);
    const lists = listed(model);
    this.#checkBoxes(lists);
    this.decided.check(model, lists, aged);
    for (const { records } of model.places.values())
      for (const [name, text] of records) {
        if (name.startsWith('c')) assert.ok(!(decode(name, text) as CaseState).held, `${name} is held by a deletion`);
        if (name.startsWith('f')) assert.ok(!(decode(name, text) as FolderState).deleting, `${name} is being deleted`);
      }
  }

  #checkCase(
    id: Id,
    { status, perhaps, events }: CaseNotes,
    state: States[`c${string}`] | undefined,
    aged: boolean,
  ): void {
    if (aged && (status === 'CLOSED' || perhaps.has('CLOSED'))) return;
    assert.ok(state, `case ${id} is there`);
    assert.ok(state.status === status || perhaps.has(state.status), `case ${id} is ${state.status}, not ${status}`);
    const ids = state.events.map((event) => event.id);
    if (state.eventChunks > 0) return;
    for (const event of events)
      assert.equal(ids.filter((one) => one === event).length, 1, `event ${event} of case ${id}`);
  }

  #checkBoxes(lists: Map<OrgKey, NotificationState[]>): void {
    const counts = new Map<string, number>();
    const places = new Map<Id, { org: OrgKey; box: string; at: number }>();
    for (const [list, entries] of lists) {
      for (const [at, { case: case_, event, recipient }] of entries.entries()) {
        const name = named(case_, event);
        counts.set(name, (counts.get(name) ?? 0) + 1);
        if (event === null) places.set(case_, { org: recipient, box: list, at });
      }
    }
    for (const [name, wanted] of this.#told) {
      const count = counts.get(name) ?? 0;
      if (wanted === 'perhaps') assert.ok(count <= 1, `notification ${name} is listed ${count} times`);
      // An acknowledgement tells the author of the same event: the two sides share its name.
      else if (wanted === 'deleted')
        assert.ok(count <= (name.endsWith(' new') ? 0 : 1), `notification ${name} was deleted`);
      else
        assert.ok(
          count >= 1 && count <= (name.endsWith(' new') ? 1 : 2),
          `notification ${name} is listed ${count} times`,
        );
    }
    for (const [earlier, later] of this.#order) {
      const [a, b] = [places.get(earlier), places.get(later)];
      if (!a || !b || a.box !== b.box || this.migrated.has(a.org)) continue;
      assert.ok(a.at < b.at, `case ${later} was answered after ${earlier} and is listed before it`);
    }
  }
}

/** All notifications, by organisation and démarche, in their order. */
function listed(model: Model): Map<string, NotificationState[]> {
  const lists = new Map<string, NotificationState[]>();
  for (const [partition, place] of model.places) {
    for (const [name, text] of place.records) {
      if (!name.startsWith('o')) continue;
      const { org, boxes } = decode(name, text) as RecipientState;
      for (const [process, box] of Object.entries(boxes)) {
        const entries = [...place.set(boxSet(box))].sort((a, b) => a[1] - b[1]);
        lists.set(
          `${org} ${process}`,
          entries.map(([member, sequence]) => decodeNotification(partition, box, sequence, member, org, process)),
        );
      }
    }
  }
  return lists;
}
