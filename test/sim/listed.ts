import assert from 'node:assert/strict';
import { type Id, parts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import { decode } from '#engine/domain/records/codec.ts';
import { caseName, caseSet } from '#engine/domain/records/names.ts';
import type { RecipientState } from '#engine/domain/records/recipient.ts';
import type { Model } from './model.ts';

/**
 * Lists of cases at rest, whatever migrated: each case its recipient sees is in the list of that recipient, and in no
 * other. @throws AssertionError
 */
export function checkListed(model: Model): void {
  const lists = new Map<Id, OrgKey[]>();
  for (const place of model.places.values())
    for (const [name, text] of place.records) {
      if (!name.startsWith('o')) continue;
      const { org, boxes } = decode(name, text) as RecipientState;
      for (const box of Object.values(boxes))
        for (const id of place.set(caseSet(box)).keys()) {
          const known = lists.get(id as Id);
          if (known) known.push(org);
          else lists.set(id as Id, [org]);
        }
    }
  for (const [id, orgs] of lists) {
    const text = model.place(parts(id).home).records.get(caseName(id));
    assert.ok(text !== undefined, `case ${id}, listed by ${orgs.join(', ')}, is there`);
    const { recipient } = decode(caseName(id), text) as CaseState;
    assert.deepEqual(orgs, [recipient], `who lists case ${id}`);
  }
  for (const { records } of model.places.values())
    for (const [name, text] of records) {
      if (!name.startsWith('c')) continue;
      const { recipient, visible } = decode(name, text) as CaseState;
      if (visible) assert.ok(lists.has(name.slice(1) as Id), `case ${name.slice(1)} is listed by ${recipient}`);
    }
}
