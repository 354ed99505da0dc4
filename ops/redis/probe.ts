/** Asks a local redis-server whether it is ready, without a client library: used while it starts. */
import { connect } from 'node:net';

/** `down`: no Redis answers there. `loading`: it reads its append-only file. `ready`: it answers PING. */
export type Health = { state: 'down' | 'loading' | 'ready'; pid: number };

/** A local server that takes longer than this to answer is taken for dead. Milliseconds. */
const answerMs = 2_000;

/** The health of the server on the loopback port `port`, and its pid, 0 when down. Never throws. */
export function probe(port: number): Promise<Health> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port });
    const end = (health: Health) => {
      socket.destroy();
      resolve(health);
    };
    const down = () => end({ state: 'down', pid: 0 });
    socket.setTimeout(answerMs, down);
    socket.on('error', down);
    socket.on('close', down);
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      const pid = /process_id:(\d+)\r\n/.exec(answer)?.[1];
      if (pid) end({ state: answer.startsWith('+PONG') ? 'ready' : 'loading', pid: Number(pid) });
      else if (answer.includes('-NOAUTH')) down();
    });
    socket.write('PING\r\nINFO server\r\n');
  });
}
