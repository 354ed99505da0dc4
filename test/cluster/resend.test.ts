import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { Calls, isRefused } from '#engine/redis/calls.ts';
import { type Client, connect } from '#engine/redis/connect.ts';
import { keysOf } from '#engine/redis/keys.ts';

/** Enough of a cluster's two nodes. */
interface Fake {
  client: Client;
  /** words of what came, in order */
  asked: string[];
}

const closers: (() => void)[] = [];
after(() => {
  for (const close of closers) close();
});

/** @param act answers a word itself; undefined: as any node would */
async function openFake(act: (word: string, socket: Socket) => string | undefined): Promise<Fake> {
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const answer = (word: string, command: string, socket: Socket): string => {
    const told = act(word, socket);
    if (told !== undefined) return told;
    if (word === 'cluster') {
      const info = 'cluster_state:ok\r\n';
      return command.toLowerCase().includes('slots') ? slots() : `$${info.length}\r\n${info}\r\n`;
    }
    if (word === 'info') return '$11\r\nloading:0\r\n\r\n';
    return word === 'hello' ? '%1\r\n+proto\r\n:3\r\n' : '+OK\r\n';
  };
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const command of data.toString().split(/(?=\*\d+\r\n)/)) {
        const word = (command.split('\r\n')[2] ?? '').toLowerCase();
        asked.push(word);
        const text = answer(word, command, socket);
        if (text !== '') socket.write(text);
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
  const urls = ports().map((port) => `redis://127.0.0.1:${port}`);
  const client = connect(urls.join(','), () => undefined);
  closers.push(() => {
    client.disconnect();
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });
  await once(client, 'ready');
  return { client, asked };
}

test('a write whose connection broke before the answer is refused, never sent again by the library', async () => {
  const { client, asked } = await openFake((word, socket) => {
    if (word !== 'incr') return undefined;
    socket.destroy();
    return '';
  });
  await assert.rejects(client.incr('k'));
  assert.equal(asked.filter((word) => word === 'incr').length, 1);
});

test('a call whose connection breaks before the answer is not sent again, and may have been done', async () => {
  const { client, asked } = await openFake((word, socket) => {
    if (word !== 'fcall') return undefined;
    socket.destroy();
    return '';
  });
  const { lease } = keysOf(1);
  const error = await new Calls(client).call('beat', [lease], []).catch((reason: unknown) => reason);
  assert.ok(error instanceof Error && !isRefused(error), String(error));
  assert.equal(asked.filter((word) => word === 'fcall').length, 1);
});
