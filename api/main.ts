import { blobFolder } from '#engine/client/blob-folder.ts';
import { openHub } from '#engine/client/hub.ts';
import type { Config } from '#engine/config.ts';
import type { Local } from '#engine/local.ts';
import type { Counted } from '#engine/telemetry/metrics.ts';
import { ServerGauges } from '#engine/telemetry/servers.ts';
import { openDisk } from './blobs/disk.ts';
import { startRounds } from './blobs/rounds.ts';
import type { BlobStore } from './blobs/store.ts';
import { Sweeper } from './blobs/sweep.ts';
import { apiContainer, PARTS } from './container.ts';
import { Budget } from './server/budget.ts';

export interface Api {
  /** base URL, without a slash at the end */
  url: string;
  /** Says that it is not ready, and serves all the same: who spreads requests over processes sends them elsewhere. */
  drain(): void;
  /** where it listens, as this machine reaches it */
  local: string;
  stop(): Promise<void>;
}

/** How often it is looked whether agents should be told of cases. */
const NOTICES_MS = 30_000;

/** The blob store of a process that only erases: what an engine gives its `unlink` jobs to. */
export const openEraser = (config: Config): Promise<BlobStore> =>
  openDisk({
    folder: config.blobs,
    data: config.data,
    masterKey: config.masterKey,
    registry: blobFolder(config),
    budget: new Budget(0),
    clock: Date.now,
  });

/**
 * Starts an API process: opens the hub and the blobs, then listens.
 * @param local shared with the engines of the same process, if any
 * @param others what the other threads of the process counted, for `/metrics`
 * @throws Error when the port is taken
 */
export async function startApi(
  config: Config,
  local?: Local,
  others: () => Promise<Counted[]> = async () => [],
): Promise<Api> {
  const parts = apiContainer(config, others);
  const log = parts.resolve(PARTS.log);
  const servers = ServerGauges.of(parts.resolve(PARTS.metrics).registry);
  const hub = await openHub(
    config,
    (error) => log.warn({ error: error.message }, 'redis.error'),
    local,
    (ms) => servers.calls.observe(ms / 1000),
  );
  parts.registerInstance(PARTS.bareHub, hub);
  const lists = parts.resolve(PARTS.lists);
  const access = parts.resolve(PARTS.accessLog);
  try {
    const listed = lists?.start();
    const blobs = await openDisk({
      folder: config.blobs,
      data: config.data,
      masterKey: config.masterKey,
      registry: blobFolder(config),
      budget: parts.resolve(PARTS.uploads),
      clock: Date.now,
    });
    parts.registerInstance(PARTS.blobs, blobs);
    const bulk = parts.resolve(PARTS.bulk);
    const exports = parts.resolve(PARTS.exports);
    const server = parts.resolve(PARTS.server);
    const rounds = startRounds(
      new Sweeper({
        folder: config.blobs,
        store: blobs,
        look: (partition, deposited) => hub.claims.look(partition, deposited),
        clock: () => Math.min(Date.now(), hub.now()),
      }),
      log,
      parts.resolve(PARTS.metrics),
    );
    await listed;
    await bulk?.start();
    await exports?.start();
    await access.start();
    const port = await server.listen(config.host, config.port);
    const { dispatch } = parts.resolve(PARTS.webhooks);
    dispatch.start();
    // The one that writes the index: another one of the same folder would find the same.
    const notices = parts.resolve(PARTS.notices);
    notices?.start(NOTICES_MS, () => lists?.writes ?? false);
    log.info({ port }, 'api.listening');
    log.warn('uploads.unscanned: no antivirus is configured, files are not scanned');
    const at = `${config.tls ? 'https' : 'http'}://${config.host}:${port}`;
    return {
      url: config.publicUrl || at,
      local: at.replace('//0.0.0.0:', '//127.0.0.1:').replace('//:::', '//[::1]:'),
      drain() {
        hub.leave();
        server.drain();
      },
      async stop() {
        // Its readers end with it, after what their connections acknowledged last.
        const pushed = parts.resolve(PARTS.push).stop();
        parts.resolve(PARTS.readers).stop();
        await Promise.all([pushed, server.close(), dispatch.stop(), notices?.stop()]);
        await bulk?.stop();
        await exports?.stop();
        await lists?.stop();
        await access.close();
        await rounds.stop();
        await blobs.close();
        await hub.close();
        await parts.resolve(PARTS.tracer)?.flush();
      },
    };
  } catch (error) {
    await lists?.stop();
    await access.close();
    await hub.close();
    throw error;
  }
}
