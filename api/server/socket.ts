import uWS, { type HttpRequest, type HttpResponse, type TemplatedApp, type WebSocket } from 'uWebSockets.js';
import type { Log } from './deps.ts';
import type { Peer, Session, SocketRoute } from './peer.ts';

const KB = 1024;
/** Longest frame a client may send, inflated; uWebSockets cuts the connection beyond. A token is 2 kB at most. */
const FRAME_BYTES = 16 * KB;
/** What a client may leave unread before it is cut: far above what the protocol lets gather. */
const UNREAD_BYTES = 1024 * KB;
/** Shorter texts grow when they are deflated, or gain nothing worth its time. */
const DEFLATE_BYTES = KB;
/** s without a sign of life before the connection is cut; uWebSockets sends pings well before. */
const SILENCE_S = 32;
/** RFC 6455 §7.4.1: data of a type that is not understood */
const UNSUPPORTED = 1003;

interface Carried {
  authorization: string;
  socket: Socket | undefined;
}

/** One WebSocket of uWebSockets, whose methods throw once it is closed. */
class Socket implements Peer {
  session: Session | undefined;
  #ws: WebSocket<Carried> | undefined;

  constructor(ws: WebSocket<Carried>) {
    this.#ws = ws;
  }

  get buffered(): number {
    return this.#ws?.getBufferedAmount() ?? 0;
  }

  send(text: string): void {
    this.#ws?.send(text, false, text.length >= DEFLATE_BYTES);
  }

  close(code: number, reason: string): void {
    this.#ws?.end(code, reason);
  }

  closed(): void {
    this.#ws = undefined;
    this.session?.closed();
    this.session = undefined;
  }
}

/**
 * Registers a route of WebSockets; a request there that is no opening handshake goes on to the table of routes.
 * @param bar answers a request that must not be opened, like any other that no route may see; says whether it did
 */
export function registerSocket(
  app: TemplatedApp,
  route: SocketRoute,
  log: Log,
  bar: (res: HttpResponse, req: HttpRequest, full: boolean) => boolean,
): void {
  const guarded = (ws: WebSocket<Carried> | undefined, work: () => void): void => {
    try {
      work();
    } catch (error) {
      log.error({ route: route.path, err: error }, 'socket.fault');
      ws?.close();
    }
  };
  app.ws<Carried>(route.path, {
    maxPayloadLength: FRAME_BYTES,
    maxBackpressure: UNREAD_BYTES,
    closeOnBackpressureLimit: true,
    idleTimeout: SILENCE_S,
    sendPingsAutomatically: true,
    compression: uWS.SHARED_COMPRESSOR | uWS.SHARED_DECOMPRESSOR,
    upgrade(res, req, context) {
      if (bar(res, req, !route.admits())) return;
      const carried: Carried = { authorization: req.getHeader('authorization'), socket: undefined };
      const header = (name: string): string => req.getHeader(`sec-websocket-${name}`);
      res.upgrade(carried, header('key'), header('protocol'), header('extensions'), context);
    },
    open(ws) {
      guarded(ws, () => {
        const carried = ws.getUserData();
        const socket = new Socket(ws);
        carried.socket = socket;
        socket.session = route.accept(socket, carried.authorization);
        carried.authorization = '';
      });
    },
    message(ws, message, isBinary) {
      guarded(ws, () => {
        if (isBinary) ws.end(UNSUPPORTED, 'texte attendu');
        else ws.getUserData().socket?.session?.receive(Buffer.from(message).toString());
      });
    },
    drain(ws) {
      guarded(ws, () => ws.getUserData().socket?.session?.drained());
    },
    close(ws) {
      guarded(undefined, () => ws.getUserData().socket?.closed());
    },
  });
}
