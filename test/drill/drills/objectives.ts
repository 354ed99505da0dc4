import { setTimeout as pause } from 'node:timers/promises';
import { tokenOf } from '#bench/token.ts';
import { SENDER } from '#bench/town.ts';
import { orgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { keysOf } from '#engine/redis/keys.ts';
import type { MovedClock } from '../../chaos/clock.ts';
import type { ClusterStore } from '../../chaos/cluster.ts';
import type { Member } from '../../chaos/member.ts';
import { Relay } from '../../chaos/relay.ts';
import { ADMIN } from '../../chaos/site.ts';
import type { Drill, Scene } from '../drill.ts';
import { onServer, setting, settingOf } from '../server.ts';

/** Promises that are broken: the share of failures, over a long and a short window. */
const PER_SECOND = 10;
/** Whatever Redis holds is more than that. */
const FULL = '1mb';
/** A case is late after 60 s. ms */
const LATE_MS = 75_000;
/** A status is late after 300 s: the clock moves by more. s */
const LEAP_S = 400;
/** Each town answers so many cases while the sender's engine is frozen. */
const ANSWERS = 6;
/** Longer than a lease. ms */
const TAKEN_MS = 15_000;

function deposits({ partners, country, over }: Scene): void {
  let next = 0;
  partners.keep(over, PER_SECOND, () => partners.deposit(next++, next + (next % country.towns.length)));
}

const depositsBurn: Drill = {
  alert: 'DepositsBurn',
  how: 'Redis à sa limite de mémoire (`maxmemory` 1 Mo) pendant des dépôts : 503',
  severities: ['page'],
  needs: { layout: 'one', env: { HUB_ASK_SECONDS: '2' } },
  async act(scene) {
    const { url } = scene.site.store;
    deposits(scene);
    const before = await settingOf(url, 'maxmemory');
    await setting(url, 'maxmemory', FULL);
    return () => setting(url, 'maxmemory', before);
  },
};

const availabilityBurn: Drill = {
  alert: 'AvailabilityBurn',
  how: 'un maître Redis sur trois et son réplica tués 75 s pendant des dépôts à deux destinataires, puis relancés',
  severities: ['page'],
  needs: { layout: 'split', store: 'cluster', env: { HUB_ASK_SECONDS: '3' } },
  patience: 60,
  passes: ['page'],
  async act(scene) {
    deposits(scene);
    const back = await (scene.site.store as ClusterStore).lose('pair');
    await pause(LATE_MS);
    await back();
    return async () => undefined;
  },
};

/** The engine that has the sender's mailbox. */
async function holder({ site }: Scene): Promise<Member> {
  const { lease } = keysOf(partitionOf(orgKey(SENDER)));
  const owner = String(await onServer(site.store.url, (client) => client.hget(lease, 'owner')));
  const found = site.engines.find(({ name }) => owner.startsWith(name));
  if (found === undefined) throw new Error(`nobody holds the sender's partition: ${owner}`);
  return found;
}

const deliveryBurn: Drill = {
  alert: 'DeliveryBurn',
  how: 'moteur de l’émetteur gelé (SIGSTOP) pendant que les communes répondent ; les 5 min d’attente sont simulées : horloge de Redis avancée de 400 s (libfaketime)',
  severities: ['page'],
  needs: { layout: 'split', clock: 'redis', env: { HUB_ASK_SECONDS: '3' } },
  passes: ['page'],
  async act(scene) {
    const { site, partners, country } = scene;
    const towns = country.towns.map((_, town) => town);
    const cases = await Promise.all(
      towns.flatMap((town) =>
        Array.from({ length: ANSWERS }, async () => ({ town, id: (await partners.deposit(town)).cases[0] as string })),
      ),
    );
    const frozen = await holder(scene);
    frozen.signal('SIGSTOP');
    void Promise.all(cases.map(({ town, id }) => partners.answer(town, id)));
    // Written by the engines that live, on their way to the one that does not.
    await pause(2_000);
    (site.clock as MovedClock).move(LEAP_S);
    await pause(TAKEN_MS);
    frozen.signal('SIGCONT');
    return async () => undefined;
  },
};

let between: Relay | undefined;

const portalBurn: Drill = {
  alert: 'PortalBurn',
  how: 'le réseau entre le portail et l’API coupé pendant que des agents ouvrent des pages : 503',
  severities: ['page'],
  needs: {
    layout: 'one',
    env: {
      HUB_OIDC_ISSUER: 'http://127.0.0.1:9',
      HUB_OIDC_CLIENT_ID: 'exercice',
      HUB_OIDC_CLIENT_SECRET: 'a-secret-of-the-drills-only',
    },
  },
  async prepare(site) {
    const admin = await tokenOf(site.url, ADMIN, 'ADMIN');
    const made = await fetch(`${site.url}/admin/v1/clients`, {
      method: 'POST',
      headers: { authorization: `Bearer ${admin}`, 'content-type': 'application/json' },
      body: '{"scope":"PORTAL"}',
    });
    const { clientId, clientSecret } = (await made.json()) as { clientId: string; clientSecret: string };
    between = await Relay.open();
    between.lead(Number(new URL(site.url).port));
    await site.add('portail', 'portal', {
      HUB_API_URL: `http://127.0.0.1:${between.port}`,
      HUB_PORTAL_CLIENT_ID: clientId,
      HUB_PORTAL_CLIENT_SECRET: clientSecret,
      HUB_PORTAL_SPOOL: `${site.dir}/spool`,
    });
  },
  async act({ site, partners, over }) {
    const relay = between as Relay;
    over.addEventListener('abort', () => void relay.close());
    const portal = site.members.find(({ role }) => role === 'portal') as Member;
    const cookie = `relais-session=${'a'.repeat(43)}`;
    const page = () =>
      fetch(`${portal.url}/accueil`, { headers: { cookie }, redirect: 'manual' }).catch(() => undefined);
    partners.keep(over, PER_SECOND, page);
    // Pages that work come first, as in life.
    await pause(3_000);
    relay.refuse(true);
    relay.cut();
    return async () => relay.refuse(false);
  },
};

const apiErrorsBurn: Drill = {
  alert: 'ApiErrorsBurn',
  how: 'moteurs gelés (SIGSTOP) pendant que les communes répondent à leurs dossiers : 503 après l’attente (HUB_ASK_SECONDS 2)',
  severities: ['page'],
  needs: { layout: 'split', env: { HUB_ASK_SECONDS: '2' } },
  async act({ site, partners, country, over }) {
    const cases = await Promise.all(
      country.towns.map(async (_, town) => (await partners.deposit(town)).cases[0] as string),
    );
    let next = 0;
    partners.keep(over, PER_SECOND, () => {
      const town = next++ % cases.length;
      return partners.answer(town, cases[town] as string);
    });
    await pause(2_000);
    for (const engine of site.engines) engine.signal('SIGSTOP');
    return async () => {
      for (const engine of site.engines) engine.signal('SIGCONT');
    };
  },
};

export const objectives: readonly Drill[] = [depositsBurn, availabilityBurn, deliveryBurn, portalBurn, apiErrorsBurn];
