import type { Exchange } from './exchange.ts';
import { Outlet } from './outlet.ts';
import type { Reply } from './types.ts';
import { type Sending, sendWhole, writeHead } from './whole.ts';

type Batches = AsyncIterator<readonly string[]>;

/** First batch with something in it, or the end. */
async function pull(batches: Batches): Promise<readonly string[] | undefined> {
  for (;;) {
    const { done, value } = await batches.next();
    if (done) return undefined;
    if (value.length > 0) return value;
  }
}

/**
 * A JSON array in chunks: the next batch is made only when the client has read the last one. The first two are made
 * before anything is sent: a short list goes out whole, with its length, and its failure is a proper error.
 */
export async function sendItems(exchange: Exchange, reply: Reply, close: boolean, sending: Sending): Promise<void> {
  const batches = (reply.items as AsyncIterable<readonly string[]>)[Symbol.asyncIterator]();
  try {
    const first = await pull(batches);
    const second = first && (await pull(batches));
    if (exchange.aborted) return;
    if (second === undefined) sendWhole(exchange, reply, first ? `[${first.join(',')}]` : '[]', close || sending.last);
    else await sendLong(exchange, reply, `[${first?.join(',')}`, second, batches, close, sending);
  } finally {
    await batches.return?.();
  }
}

async function sendLong(
  exchange: Exchange,
  reply: Reply,
  start: string,
  second: readonly string[],
  batches: Batches,
  close: boolean,
  sending: Sending,
): Promise<void> {
  const { res } = exchange;
  const outlet = new Outlet(exchange, sending.watch, sending.stallMs);
  try {
    let flowing = true;
    res.cork(() => {
      exchange.begun = true;
      writeHead(exchange, reply, 'application/json', sending.last);
      flowing = res.write(start);
    });
    for (let batch: readonly string[] | undefined = second; batch !== undefined; batch = await pull(batches)) {
      if (!flowing) await outlet.drained();
      if (exchange.aborted) return;
      const text = `,${batch.join(',')}`;
      res.cork(() => {
        flowing = res.write(text);
      });
    }
    if (exchange.aborted) return;
    res.cork(() => {
      exchange.answered = true;
      res.end(']', close);
    });
  } finally {
    outlet.close();
  }
}
