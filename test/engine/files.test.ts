import { deepEqual, equal } from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { Claims, claimant } from '#engine/client/claims.ts';
import type { Command } from '#engine/domain/commands.ts';
import { encodeMessage } from '#engine/domain/envelope.ts';
import { type Id, KIND, newId, parts } from '#engine/domain/ids.ts';
import { PARTITIONS } from '#engine/domain/placement.ts';
import { encode } from '#engine/domain/records/codec.ts';
import { type FileState, fileId } from '#engine/domain/records/file.ts';
import type { FolderState } from '#engine/domain/records/folder.ts';
import { fileName, folderName } from '#engine/domain/records/names.ts';
import { keysOf, recordKey } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';
import { openWorld, type World } from './world.ts';

/** What the sweep is told of bytes that were sent before their folder (decision record 003). */

const ORG = 'OSL-13000000000016-00000';
const FILE = fileId(ORG, 'a');
const HOME = parts(FILE).home;
const FOLDER = newId(KIND.folder, (HOME + 1) % PARTITIONS, 1_700_000_000_000);
const BLOB = 'p1-sent.0.1';

let world: World;
const asked: [partition: number, Command][] = [];
before(async () => {
  world = await openWorld();
});
after(() => world.close());

const put = (folder: Id | null) => {
  const state: FileState = { org: ORG, sha256: '', size: 1, mimeType: 'a/b', blob: BLOB, folder, claimed: null };
  return world.redis.set(recordKey(HOME, fileName(FILE)), encode(fileName(FILE), state));
};
const look = async (blob = BLOB): Promise<'named' | 'queued' | 'free'> => {
  asked.length = 0;
  const claims = new Claims(new Reads(world.redis), async (partition, command) => {
    asked.push([partition, command]);
    return { status: 204 };
  });
  const { named, queued } = await claims.look(HOME, [{ owner: FILE, name: blob }]);
  return named.has(blob) ? 'named' : queued.has(blob) ? 'queued' : 'free';
};
const abandoned = (): boolean => asked.some(([, { kind }]) => kind === 'file.abandon');

it('asks the partition of the file', () => equal(claimant(FILE), HOME));

it('bytes whose command never came are free, those whose command waits are not', async () => {
  equal(await look(), 'free');
  const sent = { org: ORG, sha256: '', size: 1, mimeType: 'a/b', blob: BLOB };
  const command: Command = { kind: 'file.put', file: FILE, sent, fresh: false };
  const entry = (await world.redis.xadd(keysOf(HOME).in, '*', 'm', encodeMessage({ command }))) as string;
  equal(await look(), 'queued');
  await world.redis.xdel(keysOf(HOME).in, entry);
});

it('bytes of a file that no folder has taken are its record’s; those of a repeated upload are free', async () => {
  await put(null);
  equal(await look(), 'named');
  equal(await look('p1-again.0.1'), 'free');
});

it('bytes of a file that was taken are wanted while a deposit waits anywhere in the folder’s partition', async () => {
  await put(FOLDER);
  const { in: mailbox, dead } = keysOf(parts(FOLDER).home);
  const message = encodeMessage({ command: { kind: 'folder.deposit', attachments: [{ blob: BLOB }] } as never });
  for (const stream of [mailbox, dead]) {
    const entry = (await world.redis.xadd(stream, '*', 'm', message)) as string;
    equal(await look(), 'queued');
    equal(abandoned(), false);
    await world.redis.xdel(stream, entry);
  }
});

it('a folder that was never made lets its file be forgotten, then the bytes are free', async () => {
  await put(FOLDER);
  equal(await look(), 'queued');
  deepEqual(asked.at(-1), [HOME, { kind: 'file.abandon', file: FILE, folder: FOLDER }]);
  await world.redis.del(recordKey(HOME, fileName(FILE)));
  equal(await look(), 'free');
});

it('a folder that names them keeps them', async () => {
  await put(FOLDER);
  const file = { fileName: 'a', type: 'b', size: 1, mimeType: 'a/b', status: 'RECEIVED', sha256: '', blob: BLOB };
  const folder = {
    ...{ sender: ORG, process: 'P', externalId: 'x', applicant: { firstName: 'a', lastName: 'b', email: null } },
    ...{ status: 'HUBEE_NOTIFIED', updated: null, closed: null, partnerInfo: null, cases: [], caseCount: 0 },
    ...{ attachments: [{ ...file, recipients: [] }], opened: [], purge: {}, removed: [], due: null },
  } as FolderState;
  await world.redis.set(recordKey(parts(FOLDER).home, folderName(FOLDER)), encode(folderName(FOLDER), folder));
  equal(await look(), 'named');
});
