import { deepEqual, equal, rejects } from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { folderCommands } from '#bench/town.ts';
import { Claims, claimant } from '#engine/client/claims.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Command } from '#engine/domain/commands.ts';
import * as product from '#engine/domain/deciders/index.ts';
import { encodeMessage } from '#engine/domain/envelope.ts';
import { derive, type Id, KIND, newId } from '#engine/domain/ids.ts';
import { keysOf, parkKey, recordKey } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';
import { type Api, type Engine, openWorld, type World } from './world.ts';

const TOWN = 'SI-21000000000019-00000';

let world: World;
let engine: Engine;
let api: Api;
let claims: Claims;
let [home, folder, owner]: [number, Id, Id] = [0, '' as Id, '' as Id];
let upload: Command;

before(async () => {
  world = await openWorld();
  engine = await world.engine('e1', product);
  api = await world.api(product);
  claims = new Claims(new Reads(world.redis), (partition, command) => api.ask(partition, command));
  const commands = folderCommands({ now: () => 1_700_000_000_000 } as Hub, TOWN, 1);
  ({ home, folder, upload } = commands);
  owner = derive(folder, KIND.attachment, home, 0);
  for (const command of [commands.create, upload]) await api.ask(home, command);
});
after(async () => {
  await engine.stop();
  await world.close();
});

const named = (): string => (upload as unknown as { upload: { blob: string } }).upload.blob;
/** The upload of a blob of that name, as a message. */
const message = (name: string): string =>
  encodeMessage({ command: { ...upload, upload: { status: 'RECEIVED', sha256: 'x', blob: name } } as Command });
const look = async (using: Claims, ...names: string[]): Promise<[named: string[], queued: string[]]> => {
  const found = await using.look(
    home,
    names.map((name) => ({ owner, name })),
  );
  return [[...found.named], [...found.queued]];
};
/** Without the barrier, which would have the owner decide what a test puts into the mailbox. */
const still = (): Claims => new Claims(new Reads(world.redis), async () => ({ status: 204 }));

it('knows the partition whose record would name a blob, if any could', () => {
  equal(claimant(owner), home);
  equal(claimant(derive(folder, KIND.case, 7, 0)), 7);
  equal(claimant(newId(KIND.notification, 3, 1)), undefined);
  equal(claimant('not-an-id' as Id), undefined);
});

it('tells what a record names from what nobody does, after a turn of the owner', async () => {
  deepEqual(await look(claims, named(), 'p1-a.0.1'), [[named()], []]);
  const { turn } = await claims.look(home, []);
  equal((await claims.look(home, [])).turn > turn, true);
});

it('sees what waits in the mailbox, in dead letters and behind one', async () => {
  await engine.stop();
  const { in: mailbox, dead, parked } = keysOf(home);
  const entry = (await world.redis.xadd(mailbox, '*', 'm', message('p1-mailbox.0.1'))) as string;
  await world.redis.xadd(dead, '9-0', 'a', 'f', 'k', 'folder.upload', 'e', 'E', 'm', message('p1-dead.0.1'));
  await world.redis.xadd(dead, '10-0', 'm', JSON.stringify({ lost: message('p1-quoted.0.1') }));
  await world.redis.hset(parked, 'factor', '9 0');
  await world.redis.xadd(parkKey(home, 'factor'), '*', 'm', message('p1-parked.0.1'));
  const waiting = ['mailbox', 'dead', 'quoted', 'parked'].map((where) => `p1-${where}.0.1`);
  deepEqual(await look(still(), ...waiting, 'p1-free.0.1'), [[], waiting]);
  await world.redis.xdel(mailbox, entry);
});

it('holds everything for wanted of a record that cannot be read, and says nothing without the owner', async () => {
  const key = recordKey(home, `f${folder}`);
  const text = (await world.redis.get(key)) as string;
  await world.redis.set(key, `${text.slice(0, -2)}x]`);
  deepEqual(await look(still(), 'p1-free.0.1'), [[], ['p1-free.0.1']]);
  await world.redis.set(key, text);
  const silent = new Claims(new Reads(world.redis), () => Promise.reject(new Error('busy')));
  await rejects(look(silent, 'p1-free.0.1'), /busy/);
});
