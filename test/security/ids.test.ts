import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { allRoutes } from '#api/routes.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Route } from '#api/server/types.ts';
import { KIND } from '#engine/domain/ids.ts';
import { PARTITIONS, REFERENTIAL } from '#engine/domain/placement.ts';
import { startHub, type World } from '#test/contract/hub.ts';
import { call } from '#test/contract/wire.ts';
import { ROWS } from './rows.ts';
import { Things } from './things.ts';

/** Ids that were guessed or built: of another kind, another place, another object. None opens anything. */

const routes = allRoutes({ auth: {} } as unknown as ApiDeps).filter(
  ({ path }) => /\{\w+Id\}/.test(path) && !path.startsWith('/admin'),
);

/** Looked for in the caller's own record: test/webhooks asks for those of others; a passkey's is not even an id of the hub's. */
const OF_THE_CALLER: ReadonlySet<string> = new Set(['webhookId', 'passkeyId']);

let world: World;
let things: Things;
before(async () => {
  world = await startHub();
  things = new Things(world);
});
after(() => world.stop());

/** The id with some of its bytes replaced (engine/domain/ids.ts says what each is). */
function forged(uuid: string, change: (bytes: Buffer) => void): string {
  const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
  change(bytes);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const homes = [0, PARTITIONS - 1, PARTITIONS, REFERENTIAL + 1, 255];

/** Every forgery of one id that differs from it. */
function* forgeries(uuid: string): Generator<[string, string]> {
  for (const [kind, number] of Object.entries(KIND)) {
    yield [`kind ${kind}`, forged(uuid, (bytes) => bytes.writeUInt8(0x70 | number, 6))];
  }
  for (const home of homes) {
    yield [`home ${home}`, forged(uuid, (bytes) => bytes.writeUInt8(home, 7))];
    yield [`home of the folder ${home}`, forged(uuid, (bytes) => bytes.writeUInt8(home, 10))];
    yield [`both homes ${home}`, forged(uuid, (bytes) => bytes.fill(home, 7, 8).fill(home, 10, 11))];
  }
  for (const index of [1, 2, 99, 0x3fff]) {
    yield [`index ${index}`, forged(uuid, (bytes) => bytes.writeUInt16BE(0x8000 | index, 8))];
  }
  yield ['variant', forged(uuid, (bytes) => bytes.writeUInt8((bytes[8] as number) | 0x40, 8))];
  yield ['version 4', forged(uuid, (bytes) => bytes.writeUInt8(0x40 | ((bytes[6] as number) & 15), 6))];
  yield ['time', forged(uuid, (bytes) => bytes.writeUInt8((bytes[5] as number) ^ 1, 5))];
  yield ['chance', forged(uuid, (bytes) => bytes.writeUInt8((bytes[15] as number) ^ 1, 15))];
  yield ['zeros', '00000000-0000-0000-0000-000000000000'];
  yield ['ones', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
}

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
const partners = (): [string, string][] =>
  (['dgs', 'dila', 'orly', 'meaux', 'orlyCivil', 'admin'] as const).map((who) => [who, world[who].token]);

describe('a forged id is unknown, or refused', () => {
  for (const route of routes) {
    const names = [...route.path.matchAll(/\{(\w+Id)\}/g)].map((match) => match[1] as string);
    for (const name of names.filter((one) => !OF_THE_CALLER.has(one))) {
      it(`${nameOf(route)}: ${name}`, async () => {
        const { params = {}, json, bytes, query } = (await ROWS[nameOf(route)]?.given?.(things)) ?? {};
        const genuine = params[name] as string;
        for (const [what, id] of forgeries(genuine)) {
          if (id === genuine) continue;
          for (const [who, token] of partners()) {
            const path = route.path.replace(/\{(\w+)\}/g, (_, one: string) =>
              one === name ? id : (params[one] as string),
            );
            const target = query === undefined ? path : `${path}?${query}`;
            const answer = await call(world.url, route.method, target, {
              token,
              ...(json !== undefined && { json }),
              ...(bytes !== undefined && { body: bytes }),
            });
            const right =
              answer.status === 404 || (answer.status === 403 && (who !== 'admin' || !route.scopes.includes('ADMIN')));
            assert.equal(right, true, `${what} by ${who}: ${answer.status} ${answer.text}`);
          }
        }
      });
    }
  }
});

it('ids of other objects, each genuine, do not open one another', async () => {
  const mine = await things.answered();
  const other = await things.answered();
  const file = await things.delivered();
  const all = Object.entries({
    ...mine,
    file: file.attachmentId,
    folder: file.folderId,
    case: other.caseId,
    event: other.eventId,
  });
  for (const who of ['orly', 'dgs', 'admin'] as const) {
    for (const [name, id] of all) {
      const events = `/teledossiers/v1/cases/${mine.caseId}/events`;
      const paths = [
        ...(name === 'eventId' ? [] : [`${events}/${id}`, `${events}/${id}/attachments/${mine.attachmentId}`]),
        ...(name === 'attachmentId' ? [] : [`${events}/${mine.eventId}/attachments/${id}`]),
        `/teledossiers/v1/cases/${mine.caseId}/attachments/${id}`,
        ...(name === 'caseId' || name === 'case' ? [] : [`/teledossiers/v1/cases/${id}`]),
      ];
      for (const path of paths) assert.equal((await world[who].get(path)).status, 404, `${who} ${name} ${path}`);
    }
  }
});

it('another spelling of an id is the same id or none: no second way in', async () => {
  const { caseId } = await things.delivered();
  for (const id of [caseId.toUpperCase(), `${caseId.slice(0, 8)}%2d${caseId.slice(9)}`]) {
    assert.equal((await world.orly.get(`/teledossiers/v1/cases/${id}`)).status, 200);
    assert.equal((await world.meaux.get(`/teledossiers/v1/cases/${id}`)).status, 403);
  }
  for (const id of [
    `{${caseId}}`,
    caseId.replaceAll('-', ''),
    `${caseId}%00`,
    `${caseId}%20`,
    `%ef%bb%bf${caseId}`,
    `${caseId}%0a`,
  ]) {
    assert.equal((await world.orly.get(`/teledossiers/v1/cases/${id}`)).status, 400, id);
  }
});
