import type { Config } from '../config.ts';
import { isFull } from '../redis/calls.ts';
import { type Client, connect, disconnect } from '../redis/connect.ts';
import { CONTROL } from '../redis/keys.ts';

const FIELD = 'blobs';

/**
 * The name of the hub's one blob folder, kept in its description (`{hub}:meta`). Asked for once in a process's life,
 * or a few times while a folder is not mounted: hence a connection for each question.
 */
export function blobFolder({ redisUrl }: Pick<Config, 'redisUrl'>): {
  known(): Promise<string | undefined>;
  register(name: string): Promise<string>;
} {
  const ask = async <T>(question: (client: Client) => Promise<T>): Promise<T> => {
    const client = connect(redisUrl, () => undefined);
    try {
      return await question(client);
    } finally {
      await disconnect(client);
    }
  };
  const known = async (client: Client): Promise<string | undefined> =>
    (await client.hget(CONTROL.meta, FIELD)) ?? undefined;
  return {
    known: () => ask(known),
    register: (name) =>
      ask(async (client) => {
        try {
          await client.hsetnx(CONTROL.meta, FIELD, name);
        } catch (error) {
          // A full server refuses even this: whoever comes later notes it.
          if (!isFull(error)) throw error;
        }
        return (await known(client)) ?? name;
      }),
  };
}
