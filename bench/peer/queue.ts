/** What the two sides of the peer's run agree on. */
export const QUEUE = 'deposits';
/** Jobs a worker has under way: beyond some hundred it gains nothing. */
export const CONCURRENCY = 200;

export interface Job {
  id: string;
  recipient: string;
  body: string;
}

/** The library opens its own connections, and wants them without a limit of tries. */
export const reachOf = (port: number) => ({ host: '127.0.0.1', port, maxRetriesPerRequest: null });
