import assert from 'node:assert/strict';
import { orgKey } from '#engine/domain/organization.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import { organizationName } from '#engine/domain/records/names.ts';
import { hashKey, keysOf } from '#engine/redis/keys.ts';
import type { World } from './world.ts';

const UPDATES = 6;
const PAUSE_MS = 3_000;

/** An administrator changes an organisation again and again: each change is a version of the referential. */
export async function register(world: World): Promise<void> {
  const { desk, crew, chance } = world;
  const organization = {
    type: 'SI',
    companyRegister: '21770001000019',
    branchCode: String(chance.below(90_000) + 10_000),
    name: 'Commune 0',
    code: null,
    country: null,
    postalCode: '77000',
    territory: 'Seine-et-Marne',
    email: null,
    phoneNumber: null,
    status: 'Actif',
  };
  const key = orgKey(organization);
  // 400: an attempt whose answer was lost has created it.
  await desk.must(REFERENTIAL, { kind: 'organization.create', organization }, 201, 400);
  for (let n = 1; n <= UPDATES; n += 1) {
    const name = `Commune ${n}`;
    await desk.must(REFERENTIAL, { kind: 'organization.update', key, organization: { ...organization, name } }, 200);
    await crew.sleep(chance.below(PAUSE_MS));
  }
}

/** Each version names its changes, so that a process that follows them misses none. */
export async function compareVersions(world: World): Promise<void> {
  const { wire } = world.server;
  const { version, changes } = keysOf(REFERENTIAL);
  const last = Number((await wire.call('GET', version)) ?? 0);
  const listed = (await wire.call('XRANGE', changes, '-', '+')) as [string, string[]][];
  assert.deepEqual(
    listed.map(([id]) => Number.parseInt(id, 10)),
    Array.from({ length: last }, (_, index) => index + 1),
    'versions of the referential',
  );
  const named = new Set(listed.flatMap(([, fields]) => JSON.parse(fields[1] as string) as string[]));
  const found = (await wire.call('HKEYS', hashKey(REFERENTIAL, 'O'))) as string[];
  for (const field of found) assert.ok(named.has(organizationName(field)), `no version names ${field}`);
}
