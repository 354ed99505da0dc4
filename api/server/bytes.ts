import type { Exchange } from './exchange.ts';
import { Outlet } from './outlet.ts';
import type { Bytes, Reply } from './types.ts';
import { type Sending, writeHead } from './whole.ts';

const BINARY_TYPE = 'application/octet-stream';

/** A body of known length, pulled as the client reads: memory holds one chunk, and what the socket holds. */
export async function sendBytes(exchange: Exchange, reply: Reply, bytes: Bytes, sending: Sending): Promise<void> {
  const { res } = exchange;
  const chunks = bytes.read()[Symbol.asyncIterator]();
  let outlet: Outlet | undefined;
  let sent = 0;
  const put = (chunk: Uint8Array): boolean => {
    const [ok, done] = res.tryEnd(chunk, bytes.length);
    exchange.answered = done;
    return ok || done;
  };
  try {
    let step = await chunks.next();
    if (exchange.aborted) return;
    res.cork(() => {
      exchange.begun = true;
      writeHead(exchange, reply, reply.type ?? BINARY_TYPE, sending.last);
      if (bytes.length > 0) return;
      exchange.answered = true;
      res.end();
    });
    for (; !step.done && !exchange.aborted && !exchange.answered; step = await chunks.next()) {
      const chunk = step.value;
      const start = sent;
      sent += chunk.byteLength;
      if (sent > bytes.length) break;
      let taken = true;
      res.cork(() => {
        taken = put(chunk);
      });
      if (taken) continue;
      outlet ??= new Outlet(exchange, sending.watch, sending.stallMs);
      await outlet.drained((offset) => put(chunk.subarray(offset - start)));
    }
    if (sent !== bytes.length && !exchange.aborted)
      throw new Error(`${sent} bytes where ${bytes.length} were announced`);
  } finally {
    outlet?.close();
    await chunks.return?.();
  }
}
