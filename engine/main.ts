import { join } from 'node:path';
import type { Config } from './config.ts';
import { engineContainer, PARTS } from './container.ts';
import { ALL_PARTITIONS } from './domain/placement.ts';
import type { Unlink } from './jobs/runner.ts';
import { Journal } from './journal/journal.ts';
import { claimPlace } from './journal/place.ts';
import type { Local } from './local.ts';
import { appendedBytes } from './redis/appended.ts';
import { Channels } from './redis/channels.ts';
import { disconnect, loadFunctions, reach } from './redis/connect.ts';
import { describe, guard } from './redis/guard.ts';
import { Servers } from './redis/health.ts';
import { keysOf, partitionOfKey } from './redis/keys.ts';
import { unowned } from './redis/leases.ts';
import { readFigures } from './telemetry/figures.ts';
import { openLog } from './telemetry/log.ts';
import type { Look } from './telemetry/metrics.ts';
import { ServerGauges } from './telemetry/servers.ts';

const MS_PER_S = 1_000;
const GAUGES_MS = 1_000;
/** A lane that has not moved for so long does not by itself. */
const STUCK_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface Engine {
  look(): Promise<Look>;
  stop(): Promise<void>;
}

/**
 * Starts an engine: checks the server, loads the functions, takes its partitions.
 * @param unlink deletes blobs: the store belongs to the API's side
 * @param local shared with the API of the same process, if any: the same object, or one kept alike by a bridge
 */
export async function startEngine(config: Config, unlink: Unlink, local?: Local): Promise<Engine> {
  const log = openLog(config.logLevel, 'journal');
  const place = await claimPlace(join(config.data, 'journal'));
  const journal = await Journal.open({
    folder: place.folder,
    keepBytes: config.journalBytes,
    reach: () => appendedBytes(parts.resolve(PARTS.main)),
    onDamage: (segment, line) => log.error({ segment, line }, 'journal.damaged'),
  });
  const parts = engineContainer(config, unlink, journal, local);
  const main = parts.resolve(PARTS.main);
  const subscriber = parts.resolve(PARTS.subscriber);
  const metrics = parts.resolve(PARTS.metrics);
  await guard(main, config.durability);
  await describe(main, config.masterKey);
  await loadFunctions(main);
  await reach(parts.resolve(PARTS.reading));
  const reading = parts.resolve(PARTS.reading);
  const build = parts.resolve(PARTS.build);
  await build.join();
  const servers = new Servers(reading);
  const gaugesOfServers = ServerGauges.of(metrics.registry);
  const lookAtServers = async (): Promise<void> => {
    await gaugesOfServers.found(await servers.look(), config.durability.replicas);
    await unowned(reading).then(
      (count) => gaugesOfServers.unowned.set(count),
      () => undefined,
    );
  };
  const node = parts.resolve(PARTS.node);
  const names = Array.from({ length: ALL_PARTITIONS }, (_, partition) => keysOf(partition));
  const channels = await Channels.open(
    subscriber,
    names.map(({ wake, free }) => [wake, free]),
    {
      message(channel) {
        if (channel.endsWith('wake')) node.wake(partitionOfKey(channel));
        else node.freed();
      },
      // Idle partitions look by themselves; what was given up meanwhile is looked for at once.
      gap: () => node.freed(),
    },
  );
  await node.start();

  const gauges = setInterval(() => {
    let [outbox, cells, bytes, oldest, stuck] = [0, 0, 0, 0, 0];
    const now = performance.now();
    for (const { partition } of node.held.values()) {
      outbox += partition.lanes.backlog;
      for (const age of partition.lanes.ages(now)) {
        oldest = Math.max(oldest, age);
        if (age >= STUCK_MS) stuck += 1;
      }
      cells += partition.cells.size;
      bytes += partition.cells.bytes;
    }
    metrics.partitions.set(node.held.size);
    metrics.outbox.set(outbox);
    metrics.outboxOldest.set(oldest / MS_PER_S);
    metrics.stuckLanes.set(stuck);
    metrics.cells.set(cells);
    metrics.cellBytes.set(bytes);
  }, GAUGES_MS);
  gauges.unref();
  return {
    async look() {
      const reasons = main.status === 'ready' ? [] : ['Redis does not answer the engine'];
      if (reasons.length === 0) {
        const now = Date.now();
        const late = now - config.unfinishedHours * HOUR_MS;
        await readFigures(reading, metrics, [...node.held.keys()], late, now).catch(() => undefined);
      }
      // Beside an API, that one looks.
      if (config.role === 'engine') await lookAtServers();
      if (node.held.size === 0) reasons.push('the engine owns no partition');
      return { counted: await metrics.counted(), reasons };
    },
    async stop() {
      clearInterval(gauges);
      await node.stop();
      await build.leave();
      await parts.resolve(PARTS.tracer)?.flush();
      parts.resolve(PARTS.mailer)?.close();
      await Promise.all([channels.close(), ...[main, parts.resolve(PARTS.reading)].map(disconnect)]);
      await journal.close();
      await place.release();
    },
  };
}
