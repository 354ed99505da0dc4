import { setTimeout as pause } from 'node:timers/promises';
import { type Client, connect, disconnect } from '#engine/redis/connect.ts';

/** All that a Redis server holds, by what a write changes: keys, and the fields, members and entries of them. */
export type Dataset = Map<string, string>;

export interface Difference {
  key: string;
  /** the whole name of it, in a Dataset */
  element: string;
  sound: string | undefined;
  wrong: string | undefined;
}

/** Between a key and what is in it. */
const BETWEEN = ' ';
const SCANNED = 1_000;
const LOOK_MS = 50;

const ask = (client: Client, ...words: (string | Buffer)[]): Promise<unknown> =>
  client.callBuffer(words[0] as string, ...words.slice(1));
const texts = (value: unknown): string[] =>
  (value as unknown[]).flat(2).map((one) => (one as Buffer).toString('latin1'));

/** Pairs of [element, value] of one key; the order of a list is not looked at. */
async function elements(client: Client, key: Buffer): Promise<[string, string][]> {
  const type = String(await ask(client, 'TYPE', key));
  const pairs = (all: string[]): [string, string][] =>
    all.flatMap((one, at) => (at % 2 === 0 ? [[one, all[at + 1] as string] as [string, string]] : []));
  if (type === 'string') return [['', ((await ask(client, 'GET', key)) as Buffer).toString('latin1')]];
  if (type === 'hash') return pairs(texts(await ask(client, 'HGETALL', key)));
  if (type === 'zset') return pairs(texts(await ask(client, 'ZRANGE', key, '0', '-1', 'WITHSCORES')));
  if (type === 'set') return texts(await ask(client, 'SMEMBERS', key)).map((one) => [one, '']);
  if (type === 'list') return texts(await ask(client, 'LRANGE', key, '0', '-1')).map((one) => [one, '']);
  const entries = (await ask(client, 'XRANGE', key, '-', '+')) as [Buffer, Buffer[]][];
  return entries.map(([id, fields]) => [String(id), texts(fields).join(BETWEEN)]);
}

/** @param url of a server that may still be loading its file */
export async function readDataset(url: string): Promise<Dataset> {
  const client = connect(url, () => undefined);
  const found: Dataset = new Map();
  try {
    while (client.status !== 'ready') await pause(LOOK_MS);
    for (let cursor = '0'; ; ) {
      const [next, keys] = (await ask(client, 'SCAN', cursor, 'COUNT', String(SCANNED))) as [Buffer, Buffer[]];
      await Promise.all(
        keys.map(async (key) => {
          const name = key.toString('latin1');
          for (const [element, value] of await elements(client, key)) found.set(name + BETWEEN + element, value);
        }),
      );
      cursor = String(next);
      if (cursor === '0') return found;
    }
  } finally {
    await disconnect(client);
  }
}

export function differences(sound: Dataset, wrong: Dataset): Difference[] {
  const names = new Set([...sound.keys(), ...wrong.keys()]);
  return [...names]
    .filter((name) => sound.get(name) !== wrong.get(name))
    .map((element) => ({
      key: element.slice(0, element.indexOf(BETWEEN)),
      element,
      sound: sound.get(element),
      wrong: wrong.get(element),
    }));
}
