/** The portal in a thread of its own: pages are made beside the API's event loop. */
import { Worker } from 'node:worker_threads';
import type { PortalConfig } from '#engine/portal-config.ts';
import type { Said } from './portal.ts';

const ENTRY = new URL('./portal.ts', import.meta.url);

export interface Portal {
  /** the address agents' browsers use */
  url: string;
  stop(): Promise<void>;
}

/** @param onDeath the thread ended unasked */
export async function startPortal(config: PortalConfig, onDeath: (reason: string) => void): Promise<Portal> {
  const worker = new Worker(ENTRY, { workerData: config, name: 'portal' });
  let ending = false;
  let stopped: (() => void) | undefined;
  const url = await new Promise<string>((resolve, reject) => {
    const end = (reason: string): void => {
      stopped?.();
      if (ending) return;
      reject(new Error(reason));
      onDeath(reason);
    };
    worker.on('message', (said: Said) => {
      if (said === 'stopped') stopped?.();
      else if ('url' in said) resolve(said.url);
      else {
        ending = true;
        reject(Object.assign(new Error(said.failed.message), { name: said.failed.name }));
        void worker.terminate();
      }
    });
    worker.on('error', (error) => end(error.stack ?? error.message));
    worker.on('exit', (code) => end(`the portal's thread ended with ${code}`));
  });
  return {
    url,
    async stop() {
      if (!ending) {
        ending = true;
        await new Promise<void>((resolve) => {
          stopped = resolve;
          worker.postMessage('stop');
        });
      }
      await worker.terminate();
    },
  };
}
