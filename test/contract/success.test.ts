import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keyOf, ORLY, pdf } from './country.ts';
import { deposit, notifications, startHub, type World } from './hub.ts';
import { REFERENTIAL } from './referential.ts';
import type { Row } from './row.ts';
import { assertShape } from './shape.ts';
import { TELEDOSSIERS } from './teledossiers.ts';
import type { Call, Json } from './wire.ts';

/** Every row of the table once, as it should go: status, phrase, and each member of the answer (contract §§5 to 7). */

const API = '/teledossiers/v1';
const PHRASES: Readonly<Record<number, string>> = { 200: 'OK', 201: 'Created', 204: 'No Content' };

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

/** Objects for one call: a folder as the row needs it, one event of each kind, a notification. */
async function objects(row: Row): Promise<Record<string, string>> {
  const early = row.path.includes('/folders/') && row.method !== 'GET' && row.method !== 'PATCH';
  const folder = await deposit(world.dgs, { files: [{ size: 64 }] }, !early);
  const caseId = folder.cases[0].id;
  const values: Record<string, string> = {
    folderId: folder.id,
    caseId,
    attachmentId: folder.attachments[0].id,
    id: keyOf(ORLY),
    code: 'CERTDC',
    subscriptionId: world.subscriptions.get(`CERTDC|${keyOf(ORLY)}`) as string,
  };
  if (early) return values;
  values['notificationId'] = (await notifications(world.orly)).at(-1).id;
  const path = `${API}/cases/${caseId}/events`;
  const files = [{ fileName: 'a.pdf', type: 'x', size: 64, mimeType: 'application/pdf' }];
  const made: Json = (
    await world.admin.post(path, { actionType: 'ATTACH_DEPOSIT', notification: true, attachments: files })
  ).json;
  values['eventId'] = made.id;
  if (row.path.includes('/events/')) values['attachmentId'] = made.attachments[0].id;
  if (row.method === 'GET' || row.method === 'PATCH') {
    await world.admin.upload(`${path}/${made.id}/attachments/${made.attachments[0].id}`, pdf(64));
  }
  if (row.path.endsWith('attachmentsIdsForPurge')) {
    await world.admin.patch(`${API}/cases/${caseId}`, { status: 'CLOSED' });
  }
  return values;
}

function asked(row: Row): Call {
  if (row.body !== undefined) return { json: row.body() };
  if (row.method === 'PUT') return { body: pdf(64), headers: { 'Content-Type': 'application/octet-stream' } };
  return {};
}

describe('by ADMIN, who may call everything', () => {
  for (const row of [...TELEDOSSIERS, ...REFERENTIAL]) {
    test(`${row.method} ${row.path}`, async () => {
      assert(row.scopes.includes('ADMIN'));
      const values = await objects(row);
      const path = row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? assert.fail(name));
      const called = await world.admin.call(row.method, path, asked(row));
      assert.equal(called.status, row.ok, called.text);
      assert.equal(called.phrase, PHRASES[row.ok]);
      if (row.answer !== undefined) {
        assert.match(called.headers['content-type'] ?? '', /^application\/json/);
        assertShape(row.answer, called.json);
      } else if (row.ok === 204) {
        assert.equal(called.bytes.length, 0);
      } else {
        assert.deepEqual(called.bytes, pdf(64));
      }
    });
  }
});

test('lists that hold something are of the same shape', async () => {
  const lists: [string, string][] = [
    [`${API}/attachmentsIdsForPurge`, 'IdsForPurge[]'],
    ['/referential/v1/organizations', 'Organization[]'],
    ['/referential/v1/processes', 'Process[]'],
    ['/referential/v1/subscriptions', 'Subscription[]'],
  ];
  for (const [path, shape] of lists) {
    const { json } = await world.admin.get(path);
    assert(json.length > 0, path);
    assertShape(shape, json);
  }
  const notes = (await world.orly.get(`${API}/notifications`)).json;
  assert(notes.length > 0);
  assertShape('Notification[]', notes);
});
