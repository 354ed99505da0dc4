/**
 * Enrolment: POST organization, subscription and client of a new town, while others deposit.
 *
 * `--rate=N` enrolments a second, `--deposits=N` a second, both open loops, `--towns=N` to deposit to, `--seconds=S --warm-up=S`. At the end each enrolled town
 * gets a token with its secret and finds its list empty.
 */
import { compare, readBack } from './delivered.ts';
import { Depositing } from './depositing.ts';
import { drive } from './load.ts';
import { Latencies, option, spread } from './measure.ts';
import { report } from './results.ts';
import { ADMIN, openStage } from './stage.ts';
import { askToken, tokenOf } from './token.ts';
import { PROCESS, settle, town } from './town.ts';
import { Wire } from './wire.ts';

const rate = option('rate', 20);
const deposits = option('deposits', 1_000);
const seconds = option('seconds', 60);
const warmUp = option('warm-up', 5);
const townCount = option('towns', 9_200);
/** Enrolments under way at once, and connections of the depositors. */
const [ENROLLING, DEPOSITING] = [32, 256];
const STEPS = ['organization', 'subscription', 'client'] as const;
const AIM_MS = 500;

const stage = await openStage();
try {
  const product = await stage.start('all');
  const hub = await stage.hub();
  const { sender, towns } = await settle(hub, stage.config.masterKey, townCount, false);
  const token = await tokenOf(product.url, sender, 'OSL');
  const admin = await tokenOf(product.url, ADMIN, 'ADMIN');
  const headers = `Authorization: Bearer ${admin}\r\nContent-Type: application/json\r\n`;
  const wires = await Promise.all(Array.from({ length: ENROLLING }, () => Wire.open(product.url)));
  const steps = Object.fromEntries(STEPS.map((step) => [step, new Latencies()]));
  const secrets: { id: string; secret: string }[] = [];
  let number = townCount;
  const post = async <T>(wire: Wire, step: (typeof STEPS)[number], path: string, body: unknown): Promise<T> => {
    const t0 = performance.now();
    const answer = await wire.send('POST', path, headers, JSON.stringify(body));
    steps[step]?.add(performance.now() - t0);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body.toString() || '{}') as T;
  };
  const enrol = async (lane: number): Promise<boolean> => {
    number += 1;
    const [wire, identity] = [wires[lane] as Wire, town(number)];
    const place = { postalCode: '75000', territory: 'Banc d’essai', email: null, status: 'Actif' };
    await post(wire, 'organization', '/referential/v1/organizations', {
      ...identity,
      name: `Commune ${number}`,
      ...place,
    });
    const { id: subscriptionId } = await post<{ id: string }>(wire, 'subscription', '/referential/v1/subscriptions', {
      datapassId: number,
      processCode: PROCESS,
      subscriber: identity,
      notificationFrequency: 'Aucune',
      localAdministrator: { email: 'mairie@banc.test' },
      accessMode: 'API',
      status: 'Actif',
    });
    const client = { scope: 'SI', subscriptionId };
    const made = await post<{ clientId: string; clientSecret: string }>(wire, 'client', '/admin/v1/clients', client);
    secrets.push({ id: made.clientId, secret: made.clientSecret });
    return true;
  };
  const depositing = await Depositing.open({ url: product.url, token, towns, lanes: DEPOSITING, fileBytes: 300 });
  const load = { seconds, warmUp };
  const [enrolled, beside] = await Promise.all([
    drive({ ...load, lanes: ENROLLING, rate }, enrol, {}),
    drive({ ...load, lanes: DEPOSITING, rate: deposits }, (lane) => depositing.one(lane), {
      product: product.pids,
      redis: stage.redisPids,
    }),
  ]);
  depositing.close();
  let useless = 0;
  await spread(ENROLLING, ENROLLING, async (lane) => {
    const wire = wires[lane] as Wire;
    for (let index = lane; index < secrets.length; index += ENROLLING) {
      const bearer = await askToken(wire, secrets[index] as { id: string; secret: string }, 'SI');
      const path = '/teledossiers/v1/notifications';
      const { status, body } = await wire.send('GET', path, `Authorization: Bearer ${bearer}\r\n`);
      if (status !== 200 || body.toString() !== '[]') useless += 1;
    }
  });
  for (const wire of wires) wire.close();
  const { lost, doubled, reordered } = compare(depositing.answered, await readBack(hub, towns), true);
  const p99 = (step: string): number => steps[step]?.percentile(0.99) ?? Number.NaN;
  report(
    'enrol',
    `${rate} enrolments a second (organization, subscription, client, one after the other) beside ${deposits} deposits a second, open loops of ${seconds} s after ${warmUp} s of warm-up, ${townCount} towns before; one process \`hub start\`, Redis and load generator on the same cores, ${stage.durability}. ${enrolled.counted} enrolled, ${enrolled.errors} errors, ${useless} whose credentials do not serve; ${beside.perSecond.toFixed(0)} deposits a second delivered, ${beside.latencies}, ${lost} lost, ${doubled} doubled, ${reordered} towns out of order.`,
    [
      { name: 'p50 of an enrolment, three calls', value: enrolled.latencies.percentile(0.5), unit: 'ms' },
      { name: 'p99 of an enrolment', value: enrolled.latencies.percentile(0.99), unit: 'ms', aim: { atMost: AIM_MS } },
      ...STEPS.map((step) => ({ name: `p99 of POST ${step}`, value: p99(step), unit: 'ms', aim: { atMost: AIM_MS } })),
      { name: 'backlog of deposits at the end', value: beside.backlog, unit: 's', aim: { atMost: 1 } },
    ],
    stage.redisVersion,
    enrolled.series,
  );
  if (lost + doubled + reordered + useless > 0) process.exitCode = 1;
  await product.stop();
} finally {
  await stage.close();
}
