import assert from 'node:assert/strict';
import { deposit, drain, notifications, type World } from './hub.ts';
import { assertShape } from './shape.ts';
import type { Json, Partner } from './wire.ts';

/** What the tests of the exchange do again and again, each answer held against its shape. */

const API = '/teledossiers/v1';

export const caseOf = async (partner: Partner, id: string): Promise<Json> =>
  (await partner.get(`${API}/cases/${id}`)).json;

/** A case that its recipient, Orly, was told of; no notification is left. */
export async function delivered(world: World): Promise<{ path: string; id: string; folder: Json }> {
  const folder = await deposit(world.dgs, {});
  await drain(world.orly);
  const { id } = folder.cases[0];
  return { path: `${API}/cases/${id}`, id, folder };
}

/** Posts an event that is accepted. */
export async function event(partner: Partner, path: string, changes: Json = {}): Promise<Json> {
  const body = { actionType: 'STATUS_UPDATE', notification: true, ...changes };
  const answer = await partner.post(`${path}/events`, body);
  assert.equal(answer.status, 201, answer.text);
  assertShape('Event', answer.json);
  return answer.json;
}

/** The one notification a partner has. */
export async function only(partner: Partner): Promise<Json> {
  const notes = await notifications(partner);
  assertShape('Notification[]', notes);
  assert.equal(notes.length, 1, JSON.stringify(notes));
  return notes[0];
}
