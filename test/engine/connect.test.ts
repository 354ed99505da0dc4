import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket, connect as tcp } from 'node:net';
import { after, test } from 'node:test';
import { Channels } from '#engine/redis/channels.ts';
import { connect } from '#engine/redis/connect.ts';
import { openWorld, until } from './world.ts';

const closers: (() => unknown)[] = [];
after(async () => {
  for (const close of closers.reverse()) await close();
});

async function listen(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const open = (url: string) => {
  const client = connect(url, () => undefined);
  closers.push(() => client.disconnect());
  return client;
};

test('a connection that has gone silent is replaced', async () => {
  const world = await openWorld();
  closers.push(() => world.close());
  const pairs: Socket[][] = [];
  const url = await listen((near) => {
    const far = tcp(Number(new URL(world.url).port), '127.0.0.1');
    far.on('error', () => undefined).pipe(near);
    near.pipe(far);
    near.on('close', () => far.destroy());
    pairs.push([near, far]);
  });
  const client = open(url);
  await client.set('k', 0);
  for (const socket of pairs.flat()) socket.unpipe().pause();
  await assert.rejects(client.incr('k'));
  await until('another connection serves', () => client.incr('k').then(Boolean, () => false));
});

/** Enough of a server that reads its file: everything else it answers with an error when it is not yet done. */
test('what is asked while a restarted server reads its file is refused at once, and never done later', async () => {
  let loading = false;
  const asked: string[] = [];
  const sockets: Socket[] = [];
  const url = await listen((socket) => {
    sockets.push(socket);
    socket.on('data', (data) => {
      for (const command of data.toString().split(/(?=\*\d+\r\n)/)) {
        const word = (command.split('\r\n')[2] ?? '').toLowerCase();
        asked.push(word);
        if (word === 'info') {
          const info = `loading:${loading ? 1 : 0}\r\nloading_eta_seconds:1\r\n`;
          socket.write(`$${info.length}\r\n${info}\r\n`);
        } else socket.write(word === 'hello' ? '%1\r\n+proto\r\n:3\r\n' : '+OK\r\n');
      }
    });
  });
  const client = open(url);
  await client.set('k', 0);
  loading = true;
  for (const socket of sockets.splice(0)) socket.destroy();
  await until('it reads its file', () => sockets.length > 0);
  await assert.rejects(client.incr('k'));
  loading = false;
  await until('it is ready', () => client.status === 'ready');
  await client.set('k', 0);
  assert.ok(!asked.includes('incr'));
});

/** Of the answers to what asks for the channels: some of them are known by then, the others not. */
const PART_BYTES = 200;

test('channels are listened to again, though the connection breaks while they are asked for', async () => {
  const world = await openWorld();
  closers.push(() => world.close());
  const nears: Socket[] = [];
  const url = await listen((near) => {
    const number = nears.push(near);
    const far = tcp(Number(new URL(world.url).port), '127.0.0.1');
    near.pipe(far);
    far.on('error', () => undefined);
    far.on('data', (bytes) => {
      if (number !== 2 || !bytes.includes('ssubscribe')) near.write(bytes);
      else near.write(bytes.subarray(0, PART_BYTES), () => near.destroy());
    });
    near.on('close', () => far.destroy());
  });
  const channels = Array.from({ length: 100 }, (_, number) => `channel-${number}`);
  const heard = new Set<string>();
  let gaps = 0;
  const listening = await Channels.open(open(url), [channels], {
    message: (channel) => heard.add(channel),
    gap: () => {
      gaps += 1;
    },
  });
  nears[0]?.destroy();
  await until('all is asked for again', () => gaps > 0 && nears.length === 3 && listening.whole);
  for (const channel of channels) await world.redis.spublish(channel, '');
  await until('all channels are heard', () => heard.size === channels.length);
});
