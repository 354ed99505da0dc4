import { connect, disconnect } from '#engine/redis/connect.ts';

type Client = ReturnType<typeof connect>;

/** A look at a drill's Redis, or a word to it, on a connection of its own. */
export async function onServer<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = connect(url, () => undefined);
  try {
    return await work(client);
  } finally {
    await disconnect(client);
  }
}

export const setting = (url: string, name: string, value: string): Promise<void> =>
  onServer(url, async (client) => {
    await client.call('CONFIG', 'SET', name, value);
  });

export const settingOf = (url: string, name: string): Promise<string> =>
  onServer(url, async (client) => ((await client.call('CONFIG', 'GET', name)) as [string, string])[1]);
