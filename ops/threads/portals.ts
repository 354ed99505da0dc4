/** The portal in a thread of its own: pages are made beside the API's event loop. */
import { Worker } from 'node:worker_threads';
import type { PortalConfig } from '#engine/portal-config.ts';
import type { Counted } from '#engine/telemetry/metrics.ts';
import type { PortalGiven, Said } from './portal.ts';

const ENTRY = new URL('./portal.ts', import.meta.url);

/** Node's own, three halves of 16: the process' is made for batches, and pages are none. MB */
const YOUNG_MB = 48;

export interface Portal {
  /** the address agents' browsers use */
  url: string;
  /** Says that it is not ready, and serves all the same. */
  drain(): void;
  stop(): Promise<void>;
}

/** Portals of this process, which its API shows the figures of. */
const open = new Set<() => Promise<Counted>>();

/** What they counted. */
export const portalsCounted = (): Promise<Counted[]> => Promise.all([...open].map((counted) => counted()));

/**
 * @param alone there is nothing else in this process
 * @param onDeath the thread ended unasked
 */
export async function startPortal(
  config: PortalConfig,
  alone: boolean,
  onDeath: (reason: string) => void,
): Promise<Portal> {
  const worker = new Worker(ENTRY, {
    workerData: { config, alone } satisfies PortalGiven,
    name: 'portal',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  let ending = false;
  let stopped: (() => void) | undefined;
  let looks = 0;
  const looking = new Map<number, (counted: Counted) => void>();
  const counted = (): Promise<Counted> => {
    looks += 1;
    const look = looks;
    return new Promise((resolve) => {
      looking.set(look, resolve);
      worker.postMessage({ look });
    });
  };
  const url = await new Promise<string>((resolve, reject) => {
    const end = (reason: string): void => {
      stopped?.();
      open.delete(counted);
      for (const seen of looking.values()) seen([]);
      looking.clear();
      if (ending) return;
      reject(new Error(reason));
      onDeath(reason);
    };
    worker.on('message', (said: Said) => {
      if (said === 'stopped') stopped?.();
      else if ('url' in said) resolve(said.url);
      else if ('look' in said) {
        looking.get(said.look)?.(said.counted);
        looking.delete(said.look);
      } else {
        ending = true;
        reject(Object.assign(new Error(said.failed.message), { name: said.failed.name }));
        void worker.terminate();
      }
    });
    worker.on('error', (error) => end(error.stack ?? error.message));
    worker.on('exit', (code) => end(`the portal's thread ended with ${code}`));
  });
  open.add(counted);
  return {
    url,
    drain: () => worker.postMessage('drain'),
    async stop() {
      if (!ending) {
        ending = true;
        open.delete(counted);
        await new Promise<void>((resolve) => {
          stopped = resolve;
          worker.postMessage('stop');
        });
      }
      await worker.terminate();
    },
  };
}
