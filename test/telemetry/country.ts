import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Census } from '#api/feed/census.ts';
import type { Health } from '#api/feed/health.ts';
import { type Hub, openHub } from '#engine/client/hub.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { partitionOf, REFERENTIAL } from '#engine/domain/placement.ts';
import { startServices } from '#ops/services.ts';
import { call, Partner } from '#test/contract/wire.ts';
import { createCommand, osl, patchFolder, received } from '#test/domain/samples.ts';
import { hubConfig } from '#test/webhooks/site.ts';

/** Requests under way at once. */
const AT_ONCE = 200;
const ADMIN = { id: 'metrics-admin', secret: 'secret of the tests of metrics' };
const town = (n: number) => ({
  type: 'SI',
  companyRegister: String(20_000_000_000_000 + n),
  branchCode: String(n).padStart(5, '0'),
});

async function each(count: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

async function sure(of: Hub, partition: number, command: Parameters<Hub['ask']>[1]): Promise<void> {
  const { status, body } = await of.ask(partition, command);
  assert.ok(status < 300, `${command.kind}: ${status} ${JSON.stringify(body)}`);
}

const seriesOf = async (url: string): Promise<string[]> =>
  (await call(url, 'GET', '/metrics')).text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/ \S+$/, ''));

/** What a country of recipients brings, each with a case it has not taken. */
export interface Brought {
  /** series of an empty hub, and what the country added */
  none: number;
  added: string[];
  /** what a census finds of them */
  found: readonly Health[];
  /** how long that took with a census of all, ms */
  censusMs: number;
  /** … and of the processor's time, whatever else went on in this process included */
  cpuMs: number;
}

/** Folders of at most so many cases. */
const MOST_CASES = 4_600;

/** Runs a hub, fills it with recipients, and counts what `/metrics` says. */
export async function fill(recipients: number): Promise<Brought> {
  const data = mkdtempSync(join(tmpdir(), 'metrics-'));
  const key = randomBytes(32);
  const env = {
    HUB_LOG_LEVEL: 'error',
    HUB_MASTER_KEY: key.toString('hex'),
    HUB_ADMIN_CLIENT_ID: ADMIN.id,
    HUB_ADMIN_CLIENT_SECRET: ADMIN.secret,
  };
  const services = await startServices({ role: 'all', data, port: 0, host: '127.0.0.1', env }, () => undefined);
  const url = services.url as string;
  const hub = await openHub(hubConfig(services.redisUrl, key), () => undefined);
  try {
    const admin = await new Partner(url, 'ADMIN', ADMIN.id, ADMIN.secret).login();
    // What the first request brings with it is not what recipients bring.
    await admin.get('/admin/v1/recipients/health');
    const none = await seriesOf(url);
    await each(recipients, (n) => sure(hub, REFERENTIAL, { kind: 'organization.create', organization: described(n) }));
    const orgs = Array.from({ length: recipients }, (_, n) => orgKey(town(n)));
    for (let from = 0; from < recipients; from += MOST_CASES) await deliver(hub, orgs.slice(from, from + MOST_CASES));

    await hub.referential.fresh();
    const [began, used] = [performance.now(), process.cpuUsage()];
    const told = { feed: { found: () => undefined }, recipients: { found: () => undefined } };
    const found = await new Census(hub, told).recipients();
    const [censusMs, cpu] = [performance.now() - began, process.cpuUsage(used)];
    const all = await seriesOf(url);
    assert.equal(all.length, new Set(all).size);
    // Of one démarche each: whoever took what came before is told apart.
    const [first] = orgs as [string];
    const { late, since } = await hub.standings.of(first, 0, hub.now() + 1);
    assert.deepEqual([late, since !== undefined], [1, true]);
    assert.deepEqual(await hub.standings.of(first, 1, hub.now() + 1), { late: 0, since: undefined });
    return {
      none: none.length,
      added: all.filter((one) => !none.includes(one)),
      found,
      censusMs,
      cpuMs: (cpu.user + cpu.system) / US_PER_MS,
    };
  } finally {
    await hub.close();
    await services.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

const described = (n: number) =>
  ({ ...town(n), name: `Commune ${n}`, postalCode: '77000', territory: 'x', email: null, status: 'Actif' }) as never;

async function deliver(hub: Hub, recipients: string[]): Promise<void> {
  const command = createCommand({ recipients });
  const { folder } = command;
  const home = partitionOf(recipients[0] as string);
  await sure(hub, home, command);
  await sure(hub, home, { kind: 'folder.upload', folder, index: 0, caller: osl, upload: received('b0') });
  await sure(hub, home, patchFolder({ folder, home, cases: [] }, 'HUBEE_COMPLETED'));
}

/** The most series a country may bring: of what its requests met for the first time, routes, statuses, outcomes. */
const MOST_ADDED = 100;
const US_PER_MS = 1_000;

/** Nothing of a recipient is a series, and how each one is can be asked. */
export function check({ none, added, found, censusMs, cpuMs }: Brought, recipients: number): void {
  console.log(
    `${recipients} recipients: ${none} series, ${added.length} more; census ${Math.round(censusMs)} ms, ${Math.round(cpuMs)} of them work`,
  );
  assert.ok(added.length < MOST_ADDED, `${added.length} series more:\n${added.join('\n')}`);
  assert.equal(found.length, recipients);
  assert.ok(found.every(({ since, late }) => since !== undefined && late === 0));
}
