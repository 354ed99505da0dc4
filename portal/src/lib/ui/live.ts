/** Listens to what is new, as long as the page is seen: by a stream, else by a look from time to time. */
import { type News, POLL_MS } from '#lib/live.ts';

/** Tries of a stream that never opened before it is given up. */
const TRIES = 2;

/** @returns ends it */
export function listen(address: string, tell: (news: News) => void): () => void {
  let stream: EventSource | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let failed = 0;

  async function look(): Promise<void> {
    const answer = await fetch(address, { headers: { accept: 'application/json' } }).catch(() => undefined);
    // Redirected: the session is over, and the next page says so.
    if (answer?.ok && !answer.redirected) tell((await answer.json()) as News);
    else if (answer?.redirected) end();
  }

  function poll(): void {
    stream?.close();
    stream = undefined;
    timer ??= setInterval(() => void look(), POLL_MS);
  }

  function begin(): void {
    if (stream || timer || document.hidden) return;
    if (failed >= TRIES || !('EventSource' in window)) {
      poll();
      return;
    }
    stream = new EventSource(address);
    stream.onmessage = ({ data }) => {
      failed = 0;
      tell(JSON.parse(data) as News);
    };
    stream.onerror = () => {
      failed += 1;
      if (failed >= TRIES || stream?.readyState === EventSource.CLOSED) poll();
    };
  }

  function pause(): void {
    stream?.close();
    stream = undefined;
    clearInterval(timer);
    timer = undefined;
  }

  const seen = (): void => (document.hidden ? pause() : begin());
  function end(): void {
    document.removeEventListener('visibilitychange', seen);
    pause();
  }
  document.addEventListener('visibilitychange', seen);
  begin();
  return end;
}
