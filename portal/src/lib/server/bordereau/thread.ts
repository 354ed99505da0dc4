/** The thread slips are set in: Node runs it from the sources, as they are. */
import { parentPort } from 'node:worker_threads';
import { type Made, slipPdf } from './pdf.ts';

/** One is asked, then answered, by its number. */
export interface Asked {
  number: number;
  made: Made;
}
export type Answered = { number: number } & ({ pdf: Uint8Array<ArrayBuffer> } | { failed: string });

parentPort?.on('message', async ({ number, made }: Asked) => {
  const say = (answered: Answered): void => parentPort?.postMessage(answered);
  try {
    say({ number, pdf: new Uint8Array(await slipPdf(made)) });
  } catch (error) {
    say({ number, failed: (error as Error).stack ?? String(error) });
  }
});
