import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { Registry } from 'prom-client';
import { SecretGauges } from '#engine/telemetry/secrets.ts';
import { DGS, DILA } from '#test/contract/country.ts';
import { startHub, type World } from '#test/contract/hub.ts';
import { call, type Json } from '#test/contract/wire.ts';

/** When the first replaced secret ends, as a scrape reads it. */

const MS_PER_S = 1_000;
const HOUR_S = 3_600;
let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

/** s; 0: there is none */
async function first(): Promise<number> {
  const { text } = await call(world.url, 'GET', '/metrics');
  return Number(/^relais_secret_expiry_timestamp_seconds\{.*kind="client".*\} (\S+)$/m.exec(text)?.[1]);
}
const made = async (organization: object): Promise<string> => {
  const { status, json } = await world.admin.post('/admin/v1/clients', { scope: 'OSL', organization });
  assert.equal(status, 201);
  return json.clientId;
};
/** @returns when the secret before ends, s */
async function rotated(clientId: string, overlapSeconds: number): Promise<number> {
  const { status, json }: Json = await world.admin.post(`/admin/v1/clients/${clientId}/rotate`, { overlapSeconds });
  assert.equal(status, 200);
  return Date.parse(json.previousSecretValidUntil) / MS_PER_S;
}
const revoked = async (clientId: string): Promise<void> =>
  assert.equal((await world.admin.call('DELETE', `/admin/v1/clients/${clientId}`)).status, 204);

it('follows credentials that are made, rotated, rotated again and revoked', async () => {
  const [one, other] = [await made(DGS), await made(DILA)];
  assert.equal(await first(), 0, 'nothing was replaced');
  const long = await rotated(one, 2 * HOUR_S);
  assert.equal(await first(), long);
  const short = await rotated(other, HOUR_S);
  assert.ok(short < long);
  assert.equal(await first(), short);
  await revoked(other);
  assert.equal(await first(), long);
  const longer = await rotated(one, 3 * HOUR_S);
  assert.equal(await first(), longer);
  assert.ok(Number.isNaN(await rotated(one, 0)), 'the secret before ends at once');
  assert.equal(await first(), 0);
});

it('is in seconds, and 0 when there is none', async () => {
  const registry = new Registry();
  const gauges = SecretGauges.of(registry);
  gauges.found('client', 7_000);
  gauges.found('webhook', undefined);
  const text = await registry.metrics();
  assert.match(text, /_seconds\{kind="client"\} 7$/m);
  assert.match(text, /_seconds\{kind="webhook"\} 0$/m);
});
