import { blobFolder } from '#engine/client/blob-folder.ts';
import { openHub } from '#engine/client/hub.ts';
import type { Config } from '#engine/config.ts';
import type { Local } from '#engine/local.ts';
import type { Counted } from '#engine/telemetry/metrics.ts';
import { openDisk } from './blobs/disk.ts';
import { startRounds } from './blobs/rounds.ts';
import type { BlobStore } from './blobs/store.ts';
import { Sweeper } from './blobs/sweep.ts';
import { apiContainer, PARTS } from './container.ts';
import { Budget } from './server/budget.ts';

export interface Api {
  /** base URL, without a slash at the end */
  url: string;
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
  const hub = await openHub(config, (error) => log.warn({ error: error.message }, 'redis.error'), local);
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
    await access.start();
    const port = await server.listen(config.host, config.port);
    const { dispatch } = parts.resolve(PARTS.webhooks);
    dispatch.start();
    // The one that writes the index: another one of the same folder would find the same.
    const notices = parts.resolve(PARTS.notices);
    notices?.start(NOTICES_MS, () => lists?.writes ?? false);
    log.info({ port }, 'api.listening');
    log.warn('uploads.unscanned: no antivirus is configured, files are not scanned');
    return {
      url: config.publicUrl || `${config.tls ? 'https' : 'http'}://${config.host}:${port}`,
      async stop() {
        // Its readers end with it, after what their connections acknowledged last.
        const pushed = parts.resolve(PARTS.push).stop();
        parts.resolve(PARTS.readers).stop();
        await dispatch.stop();
        await notices?.stop();
        await Promise.all([pushed, server.close()]);
        await bulk?.stop();
        await lists?.stop();
        await access.close();
        await rounds.stop();
        await blobs.close();
        await hub.close();
      },
    };
  } catch (error) {
    await lists?.stop();
    await access.close();
    await hub.close();
    throw error;
  }
}
