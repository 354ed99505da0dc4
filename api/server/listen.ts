import type { TemplatedApp, us_listen_socket } from 'uWebSockets.js';

/** Two servers on one port would share its connections. */
const EXCLUSIVE_PORT = 1;

type Listen = (
  host: string,
  port: number,
  options: number,
  done: (socket: us_listen_socket | false) => void,
) => TemplatedApp;

/** Another program listens there, or the address is not this machine's. */
class PortTaken extends Error {
  override name = 'PortTaken';
  constructor(host: string, port: number) {
    super(
      `cannot listen on ${host}:${port}: another program does, or the address is not this machine's; take another --port or --host`,
    );
  }
}

/** @throws PortTaken */
export function listenOn(app: TemplatedApp, host: string, port: number): Promise<us_listen_socket> {
  return new Promise((resolve, reject) => {
    (app.listen as unknown as Listen).call(app, host, port, EXCLUSIVE_PORT, (socket) => {
      if (socket) resolve(socket);
      else reject(new PortTaken(host, port));
    });
  });
}
