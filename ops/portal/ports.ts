import { createServer } from 'node:net';

/** A port nobody listens on at this moment: whoever must be told of a server before it starts asks for one here. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
