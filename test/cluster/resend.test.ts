import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { connect } from '#engine/redis/connect.ts';

/** Enough of a cluster's two nodes: one does what it is asked, and its connection breaks before it says so. */
test('a write whose connection broke before the answer is refused, never sent again by the library', async () => {
  let done = 0;
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const command of data.toString().split(/(?=\*\d+\r\n)/)) {
        const word = (command.split('\r\n')[2] ?? '').toLowerCase();
        if (word === 'incr') {
          done += 1;
          socket.destroy();
        } else if (word === 'cluster') {
          const info = 'cluster_state:ok\r\n';
          socket.write(command.toLowerCase().includes('slots') ? slots() : `$${info.length}\r\n${info}\r\n`);
        } else if (word === 'info') socket.write('$11\r\nloading:0\r\n\r\n');
        else socket.write(word === 'hello' ? '%1\r\n+proto\r\n:3\r\n' : '+OK\r\n');
      }
    });
  };
  const servers = [createServer(serve), createServer(serve)];
  const ports = (): number[] => servers.map((server) => (server.address() as AddressInfo).port);
  const slots = (): string => {
    const ranges = ports().map(
      (port, place) =>
        `*3\r\n:${place * 8_192}\r\n:${place * 8_192 + 8_191}\r\n*3\r\n$9\r\n127.0.0.1\r\n:${port}\r\n$5\r\nnode${place}\r\n`,
    );
    return `*2\r\n${ranges.join('')}`;
  };
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect(
    ports()
      .map((port) => `redis://127.0.0.1:${port}`)
      .join(','),
    () => undefined,
  );
  try {
    await once(client, 'ready');
    await assert.rejects(client.incr('k'));
    assert.equal(done, 1);
  } finally {
    client.disconnect();
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  }
});
