import { setTimeout as pause } from 'node:timers/promises';
import { folderCommands } from '#bench/town.ts';
import { openHub } from '#engine/client/hub.ts';
import { loadConfig } from '#engine/config.ts';
import { type OrganizationId, orgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { recipientName } from '#engine/domain/records/names.ts';
import { recordKey } from '#engine/redis/keys.ts';
import type { ClusterStore } from '../../chaos/cluster.ts';
import type { Relay } from '../../chaos/relay.ts';
import type { Drill, Scene } from '../drill.ts';
import { onServer } from '../server.ts';

/** What stops, or goes back and forth, between engines. */
const PER_SECOND = 20;
/** A message is old after 60 s. ms */
const OLD_MS = 62_000;
/** Each way: a turn of 256 messages takes twice that. ms */
const SLOW_MS = 75;
/** Messages that wait for a frozen engine, given so many at a time. */
const WAITING = 30_000;
const AT_ONCE = 512;
/** Between two cuts: in four of six slices of five seconds partitions are lost. ms */
const CUT_MS = 2_500;
/** More than twenty at once are a page. */
const POISONED = 26;

function deposits({ partners, over }: Scene): void {
  let next = 0;
  partners.keep(over, PER_SECOND, () => partners.deposit(next++));
}

const backlogOld: Drill = {
  alert: 'BacklogOld',
  how: 'moteurs gelés (SIGSTOP) 62 s avec 30 000 créations de dossiers en file, puis dégelés derrière un réseau lent vers Redis (0,15 s par appel)',
  severities: ['page'],
  needs: { layout: 'split', relay: 'product' },
  passes: ['page'],
  async act({ site, country, over }) {
    for (const engine of site.engines) engine.signal('SIGSTOP');
    // Beside the slow network, as an API process would: they are in the mailbox before anybody is slow.
    const hub = await openHub(loadConfig(site.env, { role: 'api', data: site.data, port: 0 }), () => undefined);
    over.addEventListener('abort', () => void hub.close());
    const town = orgKey(country.towns[0]?.identity as OrganizationId);
    for (let number = 0; number < WAITING; number += 1) {
      const { home, create } = folderCommands(hub, town, number);
      void hub.ask(home, create).catch(() => undefined);
      if (number % AT_ONCE === 0) await pause(1);
    }
    await pause(OLD_MS);
    (site.relay as Relay).slow(SLOW_MS);
    for (const engine of site.engines) engine.signal('SIGCONT');
    return async () => (site.relay as Relay).slow(0);
  },
};

const laneStuck: Drill = {
  alert: 'LaneStuck',
  how: 'un maître Redis sur trois et son réplica tués pendant des dépôts à deux destinataires',
  severities: ['page'],
  needs: { layout: 'split', store: 'cluster', env: { HUB_ASK_SECONDS: '3' } },
  patience: 150,
  async act({ site, partners, over, country }) {
    let next = 0;
    partners.keep(over, PER_SECOND, () => partners.deposit(next++, next + (next % country.towns.length)));
    return (site.store as ClusterStore).lose('pair');
  },
};

const leaseFlapping: Drill = {
  alert: 'LeaseFlapping',
  how: 'connexions du produit à Redis rompues toutes les 2,5 s sous des dépôts',
  severities: ['ticket'],
  needs: { layout: 'split', relay: 'product', env: { HUB_ASK_SECONDS: '3' } },
  // What is lost is taken again when its lease is over, ten seconds that nothing divides: three or four slices of six.
  patience: 200,
  async act(scene) {
    const relay = scene.site.relay as Relay;
    deposits(scene);
    const well = new AbortController();
    scene.over.addEventListener('abort', () => well.abort());
    void (async () => {
      for (; !well.signal.aborted; await pause(CUT_MS)) relay.cut();
    })();
    return async () => well.abort();
  },
};

const partitionWithoutOwner: Drill = {
  alert: 'PartitionWithoutOwner',
  how: 'tous les processus moteurs tués (SIGKILL) ; l’API vit',
  severities: ['page'],
  needs: { layout: 'split' },
  async act({ site }) {
    const { engines } = site;
    for (const engine of engines) await site.kill(engine);
    return async () => {
      for (const engine of engines) await engine.start();
    };
  },
};

const deadLetters: Drill = {
  alert: 'DeadLetters',
  how: 'enregistrement d’une boîte aux lettres abîmé dans Redis, 26 dépôts pour elle : chacun échoue et est mis de côté ; l’enregistrement remis, le mode opératoire les rejoue',
  severities: ['page', 'ticket'],
  passes: ['page'],
  mendsFirst: true,
  needs: { layout: 'one' },
  async act({ site, partners, country }) {
    const { status } = await partners.deposit(0);
    const town = orgKey(country.towns[0]?.identity as OrganizationId);
    const key = recordKey(partitionOf(town), recipientName(town));
    const sound = await onServer(site.store.url, (client) => client.getBuffer(key));
    if (sound === null) throw new Error(`no record ${key} after a deposit answered ${status}`);
    await onServer(site.store.url, (client) => client.set(key, 'abîmé'));
    // As after a restart: what is in memory would still be sound.
    for (const member of site.members) {
      await member.stop();
      await member.start();
    }
    for (let number = 0; number < POISONED; number += 1) void partners.deposit(0).catch(() => undefined);
    return async () => {
      await onServer(site.store.url, (client) => client.set(key, sound));
    };
  },
};

export const engines: readonly Drill[] = [backlogOld, laneStuck, leaseFlapping, partitionWithoutOwner, deadLetters];
