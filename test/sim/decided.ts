import assert from 'node:assert/strict';
import { UNSENT } from '#engine/domain/deciders/case/pending.ts';
import { type Id, parts } from '#engine/domain/ids.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import { decode } from '#engine/domain/records/codec.ts';
import { caseName } from '#engine/domain/records/names.ts';
import type { NotificationState } from '#engine/domain/records/notification.ts';
import type { Model } from './model.ts';

/** taken: it leaves, once · undone, refused: it never does · unsure: no clear answer */
export type Fate = 'taken' | 'undone' | 'refused' | 'unsure';

interface Noted {
  case: Id;
  /** its events, in their order */
  events: readonly Id[];
  fate: Fate;
  /** others acted on the case meanwhile: it may be left unsent, and the case says so */
  beside: boolean;
}

/** What agents were answered of their decisions: each leaves exactly once unless it was undone. */
export class Decided {
  readonly #notes = new Map<Id, Noted>();
  /** made at the same moment on the same version */
  readonly #rivals: Id[][] = [];

  note(case_: Id, events: readonly Id[], fate: Fate, beside = false): void {
    this.#notes.set(events[0] as Id, { case: case_, events, fate, beside });
  }

  change(decision: Id, fate: Fate): void {
    const known = this.#notes.get(decision);
    if (known) known.fate = fate;
  }

  /** Of these, one was to be taken. */
  rivals(decisions: Id[]): void {
    this.#rivals.push(decisions);
  }

  /** @param aged days went by: what is closed may be gone. @throws AssertionError */
  check(model: Model, told: ReadonlyMap<string, NotificationState[]>, aged: boolean): void {
    const fates = (some: Id[]): Fate[] => some.map((decision) => this.#notes.get(decision)?.fate ?? 'unsure');
    for (const some of this.#rivals) {
      const taken = fates(some).filter((fate) => fate === 'taken' || fate === 'undone').length;
      assert.equal(taken, 1, `decisions ${some.join(', ')} were made on one version, and ${taken} were taken`);
    }
    const all = [...told.values()].flat();
    for (const noted of this.#notes.values()) {
      const text = model.place(parts(noted.case).home).records.get(caseName(noted.case));
      if (text === undefined && aged) continue;
      assert.ok(text !== undefined, `case ${noted.case} is there`);
      check(noted, decode(caseName(noted.case), text) as CaseState, all);
    }
  }
}

function check({ case: id, events, fate, beside }: Noted, state: CaseState, told: readonly NotificationState[]): void {
  const [first] = events;
  const where = `decision ${first} on case ${id}, ${fate},`;
  assert.notEqual(state.pending?.events[0]?.id, first, `${where} still waits`);
  if (state.eventChunks > 0) return;
  const found = state.events.filter((event) => events.includes(event.id)).map((event) => event.id);
  for (const event of events) {
    const times = told.filter((one) => one.case === id && one.event === event).length;
    assert.equal(times, found.includes(event) ? 1 : 0, `${where} is told ${times} times`);
  }
  if (fate === 'undone' || fate === 'refused') assert.deepEqual(found, [], `${where} left`);
  else if (found.length > 0) assert.deepEqual(found, events, `${where} left otherwise`);
  else if (fate === 'taken') {
    const said = state.events.some(({ comment }) => comment === UNSENT);
    assert.ok(beside && said, `${where} never left${said ? '' : ', and nobody is told'}`);
  }
}
