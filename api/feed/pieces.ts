import { cloudEvent } from '#api/answers/cloudevent.ts';
import { CLOSE } from '#api/push/codes.ts';
import { type FeedReader, PAGE } from './reader.ts';

/** A stream without news says so this often, so that nobody on the way takes it for dead. ms */
const HEARTBEAT_MS = 15_000;
/** A stream whose token has lapsed ends within so long: it would go on for ever else, and tell a revoked client all. ms */
const LOOK_MS = 5_000;

/** What a stream of server-sent events asks of the process it is of. */
export interface StreamWatch {
  /** why it must end; undefined: it may go on */
  lapsed(): Promise<'expired' | 'revoked' | 'rotated' | undefined>;
  told(events: number): void;
  /** ms, of whatever clock never goes back */
  now(): number;
}

/** A feed as server-sent events (WHATWG HTML §9.2): one CloudEvent each, its id the position. */
export async function* pieces(reader: FeedReader, org: string, watch: StreamWatch): AsyncGenerator<string> {
  let looked = watch.now();
  let heard = looked;
  for (;;) {
    const items = await reader.next(PAGE, LOOK_MS);
    if (reader.stopped) return;
    const now = watch.now();
    if (now - looked >= LOOK_MS) {
      looked = now;
      const why = await watch.lapsed();
      if (why !== undefined) {
        const { code, reason } = CLOSE[why];
        yield `event: close\ndata: ${JSON.stringify({ code, reason })}\n\n`;
        return;
      }
    }
    if (items.length > 0) {
      watch.told(items.length);
      yield items.map((item) => `id: ${item.sequence}\ndata: ${JSON.stringify(cloudEvent(org, item))}\n\n`).join('');
      heard = now;
    } else if (now - heard >= HEARTBEAT_MS - LOOK_MS / 2) {
      yield ': rien de nouveau\n\n';
      heard = now;
    }
  }
}
