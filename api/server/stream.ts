import type { Exchange } from './exchange.ts';
import { Outlet } from './outlet.ts';
import type { Live, Reply } from './types.ts';
import { type Sending, writeHead } from './whole.ts';

/**
 * A text without an end, piece by piece as they come: each is written at once, and the next one asked for when the client
 * has read what came before. Ends with the client, or when its source does.
 */
export async function sendLive(exchange: Exchange, reply: Reply, live: Live, sending: Sending): Promise<void> {
  const { res } = exchange;
  const outlet = new Outlet(exchange, sending.watch, sending.stallMs, () => live.stop());
  const pieces = live.pieces[Symbol.asyncIterator]();
  try {
    if (exchange.aborted) return;
    res.cork(() => {
      exchange.begun = true;
      writeHead(exchange, reply, reply.type, sending.last);
      // The headers leave with the first byte of the body.
      res.write(live.opening);
    });
    for (let step = await pieces.next(); !step.done && !exchange.aborted; step = await pieces.next()) {
      const piece = step.value;
      let flowing = true;
      res.cork(() => {
        flowing = res.write(piece);
      });
      if (!flowing) await outlet.drained();
    }
    if (exchange.aborted) return;
    res.cork(() => {
      exchange.answered = true;
      // Asked to close as well, uWebSockets writes a header among the chunks.
      res.end(live.ending);
    });
  } finally {
    outlet.close();
    live.stop();
    await pieces.return?.();
  }
}
