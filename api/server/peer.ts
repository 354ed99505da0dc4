/** What a protocol over WebSocket sees of the transport: nothing of the library that carries it. */
export interface Peer {
  /** Text; ignored once the connection is closed. */
  send(text: string): void;
  /** bytes the other side has not taken yet */
  readonly buffered: number;
  /** Says why, and closes at once; `closed` is called within. `reason`: 123 bytes of UTF-8 at most (RFC 6455 §5.5). */
  close(code: number, reason: string): void;
}

/** One connection, as its protocol hears of it. */
export interface Session {
  receive(text: string): void;
  /** the other side has read some of what was buffered */
  drained(): void;
  /** nothing more comes, and nothing can be sent */
  closed(): void;
}

/** A path where connections are taken. */
export interface SocketRoute {
  path: string;
  /** false: no room for another connection, it gets 503 */
  admits(): boolean;
  /** @param authorization header of the opening request, '' when absent */
  accept(peer: Peer, authorization: string): Session;
}
