import type { ClusterStore } from '../../chaos/cluster.ts';
import type { SmallDisk } from '../../chaos/disk.ts';
import type { Drill } from '../drill.ts';
import { onServer, setting, settingOf } from '../server.ts';

/** What Redis says of itself. */
const PER_SECOND = 5;
/** Memory in use is this share of what is allowed: more than the alert's 0.92, and something may still be written. */
const SHARE = 0.96;

const redisReplication: Drill = {
  alert: 'RedisReplication',
  how: 'le réplica d’un des trois maîtres tué, au niveau `replicated`',
  severities: ['page'],
  needs: { layout: 'one', store: 'cluster', env: { HUB_DURABILITY: 'replicated' } },
  act: ({ site }) => (site.store as ClusterStore).lose('replica'),
};

const redisAof: Drill = {
  alert: 'RedisAof',
  how: 'disque de Redis (petit système de fichiers) rempli, réécriture du fichier demandée, dépôts (niveau `everysec` : à `fsync`, Redis s’arrête)',
  severities: ['page', 'ticket'],
  needs: { layout: 'kept', disk: 'redis', durability: 'everysec' },
  async act({ site, partners, over }) {
    const { url } = site.store;
    (site.disk as SmallDisk).fill();
    await onServer(url, (client) => client.call('BGREWRITEAOF')).catch(() => undefined);
    partners.keep(over, PER_SECOND, () => partners.deposit(0));
    return async () => {
      (site.disk as SmallDisk).free();
      await onServer(url, (client) => client.call('BGREWRITEAOF'));
    };
  },
};

const redisMemory: Drill = {
  alert: 'RedisMemory',
  how: '`maxmemory` abaissé à ce que Redis occupe, plus 4 %',
  severities: ['page', 'ticket'],
  needs: { layout: 'one' },
  async act({ site }) {
    const { url } = site.store;
    const before = await settingOf(url, 'maxmemory');
    const used = Number(/^used_memory:(\d+)/m.exec(await onServer(url, (client) => client.info('memory')))?.[1]);
    await setting(url, 'maxmemory', String(Math.round(used / SHARE)));
    return () => setting(url, 'maxmemory', before);
  },
};

export const servers: readonly Drill[] = [redisReplication, redisAof, redisMemory];
