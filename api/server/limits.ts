const KB = 1024;
const MB = 1024 * KB;

/** What one API process takes from its clients at most, and how long it waits for them. Tests use smaller ones. */
export interface Limits {
  /** requests whose handler runs; more get 503 before anything of them is read */
  requestsInFlight: number;
  /** bytes of one JSON or form body */
  jsonBytes: number;
  /** nesting of a JSON body */
  jsonDepth: number;
  /** bytes of all JSON and form bodies being read or handled */
  bodyBytesInFlight: number;
  /** bytes of one header, or of path and query together */
  headerBytes: number;
  /** bytes of one upload waiting for the disk before its sender is told to pause */
  streamHighBytes: number;
  /** slabs all uploads share for what comes before a pause takes effect */
  slabs: number;
  /** bytes of a refused body read and thrown away, so that its sender sees the answer, before the connection is cut */
  discardBytes: number;
  /** ms without a byte of an unfinished body before 408 */
  bodyIdleMs: number;
  /** ms a client may leave an answer unread before the connection is cut */
  sendStallMs: number;
  /** ms given to requests in flight when the server closes */
  drainMs: number;
}

export const LIMITS: Limits = {
  // 250 ms of 2,500 folders a second, three requests each, four times over
  requestsInFlight: 8192,
  // a folder of 5,000 cases, the most there may be, is 1 MB; with 100,000 links to its files, 3 MB
  jsonBytes: 8 * MB,
  // the deepest body of the contract has 5 levels
  jsonDepth: 64,
  bodyBytesInFlight: 128 * MB,
  // a token is about 300 bytes; gateways in the field pass 8 kB
  headerBytes: 8 * KB,
  // two chunks of the size uWebSockets gives
  streamHighBytes: MB,
  // 64 MB: twice what Linux lets a socket hold (tcp_rmem, up to 32 MB)
  slabs: 128,
  discardBytes: 16 * MB,
  // below the 10 s after which uWebSockets closes without a word
  bodyIdleMs: 8000,
  // below it too: the log then says why
  sendStallMs: 9000,
  // above what a request waits for its answer, and most of what a file takes
  drainMs: 30_000,
};

/** Bytes of all headers of a request: beyond, uWebSockets answers 431 by itself. Read by it when it is loaded. */
export const HEADERS_BYTES = 64 * KB;
