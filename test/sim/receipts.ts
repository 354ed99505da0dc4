import assert from 'node:assert/strict';
import { derive, type Id, KIND, parts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { decode, decodeNotification } from '#engine/domain/records/codec.ts';
import type { FolderState } from '#engine/domain/records/folder.ts';
import { KEY_LIFE_MS } from '#engine/domain/records/key.ts';
import { boxSet, folderName } from '#engine/domain/records/names.ts';
import type { RecipientState } from '#engine/domain/records/recipient.ts';
import type { Model } from './model.ts';

/** A case whose deposit was answered, and whose recipient was to have it. */
interface Answered {
  id: Id;
  recipient: OrgKey;
}

/** Clocks differ. */
const SLACK_MS = 3_600_000;

/** The key of this folder may have been forgotten by then: whoever repeats its request gets another. */
export const isForgotten = (folder: Id, now: number): boolean => now - parts(folder).ms > KEY_LIFE_MS - SLACK_MS;

/** Deposits answered before another was asked for: how many are remembered of it. */
const REMEMBERED = 6;

/** What senders of the native API were told, by key: one folder each, and cases in the order of their deposits. */
export class Receipts {
  /** folders a key was ever said to stand for */
  readonly #reserved = new Map<string, Set<Id>>();
  readonly #answered = new Map<string, Id>();
  readonly #cases: Answered[] = [];
  readonly #order: [Answered, Answered][] = [];

  reserved(key: string, folder: Id): void {
    const known = this.#reserved.get(key);
    if (known) known.add(folder);
    else this.#reserved.set(key, new Set([folder]));
  }

  /** @returns to be called with the folder answered */
  asking(key: string, recipients: readonly OrgKey[]): (folder: Id) => void {
    const before = this.#cases.slice(-REMEMBERED);
    return (folder) => {
      this.#answered.set(key, folder);
      for (const [index, recipient] of recipients.entries()) {
        const made = { id: derive(folder, KIND.case, partitionOf(recipient), index), recipient };
        for (const earlier of before) if (earlier.recipient === recipient) this.#order.push([earlier, made]);
        this.#cases.push(made);
      }
    };
  }

  /**
   * @param aged days went by: what is closed may be archived or gone
   * @param migrated organisations whose lists moved: their order is another's
   * @throws AssertionError
   */
  check(model: Model, now: number, aged: boolean, migrated: ReadonlySet<OrgKey>): void {
    const folders = new Map<string, Id[]>();
    for (const { records } of model.places.values())
      for (const [name, text] of records) {
        if (!name.startsWith('f')) continue;
        const { externalId } = decode(name, text) as FolderState;
        folders.set(externalId, [...(folders.get(externalId) ?? []), name.slice(1) as Id]);
      }
    for (const [key, reserved] of this.#reserved) {
      const found = folders.get(key) ?? [];
      for (const [index, one] of found.entries()) {
        assert.ok(reserved.has(one), `folder ${one} of key ${key} was reserved for nobody`);
        for (const other of found.slice(index + 1))
          assert.ok(
            isForgotten(one, now) || isForgotten(other, now),
            `key ${key} has two folders: ${one} and ${other}`,
          );
      }
      const answered = this.#answered.get(key);
      if (answered === undefined || (aged && found.length === 0)) continue;
      assert.ok(found.includes(answered), `key ${key} was answered and has no folder ${folderName(answered)}`);
    }
    this.#checkOrder(placesOf(model), migrated);
  }

  #checkOrder(places: ReadonlyMap<string, number>, migrated: ReadonlySet<OrgKey>): void {
    for (const [earlier, later] of this.#order) {
      const { recipient } = earlier;
      const [a, b] = [places.get(`${recipient} ${earlier.id}`), places.get(`${recipient} ${later.id}`)];
      if (a === undefined || b === undefined || migrated.has(recipient)) continue;
      assert.ok(a < b, `case ${later.id} was deposited after ${earlier.id} and is listed before it`);
    }
  }
}

/** Organisation and case → sequence of the notification of the new case. */
function placesOf(model: Model): Map<string, number> {
  const places = new Map<string, number>();
  for (const [partition, place] of model.places)
    for (const [name, text] of place.records) {
      if (!name.startsWith('o')) continue;
      const { org, boxes } = decode(name, text) as RecipientState;
      for (const [process, box] of Object.entries(boxes))
        for (const [member, sequence] of place.set(boxSet(box))) {
          const { case: id, event } = decodeNotification(partition, box, sequence, member, org, process);
          if (event === null) places.set(`${org} ${id}`, sequence);
        }
    }
  return places;
}
