/** Which hub a command is about: its data folder, its Redis, its processes. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { masterKey } from '#engine/master-key.ts';
import { type Client, connect, disconnect, reach } from '#engine/redis/connect.ts';
import { reach as answers } from '#engine/redis/reach.ts';
import { WrongOption } from '#ops/life.ts';
import { processesOf } from '#ops/processes.ts';
import { lastPort } from '#ops/redis/server.ts';
import { usualData } from '#ops/services.ts';

/** Found no hub, or one that does not answer: says what to name. */
export class NoHub extends Error {
  override name = 'NoHub';
}

export const dataOf = (given: string | boolean | undefined): string =>
  resolve(typeof given === 'string' ? given : usualData);

/** Address of the hub's Redis: HUB_REDIS_URL, or the server that ran on its data folder last. @throws NoHub */
export function redisUrlOf(data: string): string {
  const port = lastPort(join(data, 'redis'));
  const url = process.env['HUB_REDIS_URL'] || (port ? `redis://127.0.0.1:${port}` : '');
  if (url !== '') return url;
  throw new NoHub(`no hub ran on ${data}: name its Redis in HUB_REDIS_URL, or its folder with --data=DIR`);
}

/** A connection of a command: what is asked of it fails at once when its server is away. @throws UnreachableRedis */
export async function openRedis(url: string): Promise<Client & { end(): Promise<void> }> {
  await answers(url);
  const client = connect(url, () => undefined);
  await reach(client);
  return Object.assign(client, { end: () => disconnect(client) });
}

/** Where the hub's processes serve `/metrics`: those named in `--url=A,B`, else those noted in the data folder. */
export function metricsUrls(data: string, given: string | boolean | undefined): string[] {
  if (typeof given !== 'string')
    return processesOf(data)
      .map(({ url }) => url)
      .filter((url) => url !== '');
  return given.split(',').map((one) => {
    const url = URL.parse(one);
    if (url?.protocol === 'http:' || url?.protocol === 'https:') return one.replace(/\/(?:metrics)?$/, '');
    throw new WrongOption(`--url=${given}: addresses of processes, like http://127.0.0.1:8080, separated by commas`);
  });
}

/** The hub's master key, never made here. @throws NoHub */
export function keyOf(data: string): Buffer {
  const given = process.env['HUB_MASTER_KEY'] ?? '';
  if (given === '' && !existsSync(join(data, 'master.key')))
    throw new NoHub(`no hub ran on ${data}, and HUB_MASTER_KEY is not set: name its folder with --data=DIR`);
  return masterKey(given, data, (message) => new NoHub(message));
}
