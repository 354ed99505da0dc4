import type { Exchange } from './exchange.ts';
import { Outlet } from './outlet.ts';
import type { Reply } from './types.ts';
import { type Sending, writeHead } from './whole.ts';

/** Texts as they come, each pulled once the client has read the ones before; the request's body may still come in. */
export async function sendLines(
  exchange: Exchange,
  reply: Reply,
  lines: AsyncIterable<string>,
  sending: Sending,
): Promise<void> {
  const { res, body } = exchange;
  const texts = lines[Symbol.asyncIterator]();
  const outlet = new Outlet(exchange, sending.watch, sending.stallMs);
  let flowing = true;
  const put = (text: string): void => {
    res.cork(() => {
      if (!exchange.begun) {
        exchange.begun = true;
        writeHead(exchange, reply, reply.type, sending.last);
      }
      if (text !== '') flowing = res.write(text);
    });
  };
  try {
    for (let step = await texts.next(); !step.done; step = await texts.next()) {
      if (exchange.aborted) return;
      put(step.value);
      if (!flowing) await outlet.drained();
    }
    if (!exchange.aborted && !exchange.begun) put('');
    const close = body?.open === true && !(await body.rest());
    if (exchange.aborted) return;
    res.cork(() => {
      exchange.answered = true;
      res.end('', close);
    });
  } finally {
    outlet.close();
    await texts.return?.();
  }
}
