/** The thread of one engine: what ops/threads/engines.ts starts. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { openEraser } from '#api/main.ts';
import { bridgeApi } from '#engine/bridge/engine-end.ts';
import type { Config } from '#engine/config.ts';
import { Local } from '#engine/local.ts';
import { startEngine } from '#engine/main.ts';
import type { Look } from '#engine/telemetry/metrics.ts';

export interface Given {
  config: Config;
  /** the API of the same process; none in an engine process */
  api: MessagePort | undefined;
}

/** What the process asks of the thread. */
export type Order = { look: number } | 'stop';
/** What the thread says to the process. */
export type Word = 'started' | 'stopped' | { failed: { name: string; message: string } } | { look: number; seen: Look };

const port = parentPort as MessagePort;
const say = (word: Word): void => port.postMessage(word);
const fail = (error: unknown): void => {
  const { name, message, stack } = error as Error;
  say({ failed: { name, message: name === 'Error' ? (stack ?? message) : message } });
};

try {
  const { config: copied, api } = workerData as Given;
  // A Buffer arrives as plain bytes.
  const config: Config = { ...copied, masterKey: Buffer.from(copied.masterKey) };
  // The engine only erases: what a purge decided must leave the disk even where no API runs.
  const blobs = await openEraser(config);
  const local = api && new Local();
  if (api && local) bridgeApi(api, local);
  const engine = await startEngine(config, (names) => blobs.remove(names), local);
  port.on('message', async (order: Order) => {
    try {
      if (order !== 'stop') {
        const seen = await engine.look();
        return say({ look: order.look, seen: { ...seen, reasons: [...seen.reasons, ...(await blobs.check())] } });
      }
      await engine.stop();
      await blobs.close();
      say('stopped');
    } catch (error) {
      fail(error);
    }
  });
  say('started');
} catch (error) {
  fail(error);
}
