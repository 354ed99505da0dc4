import { type Client, isCluster } from './connect.ts';

/**
 * Listens to channels for as long as the connection is wanted, through every reconnection. The library would ask for those
 * channels again of which it had heard before the break: when it breaks again meanwhile, the others are forgotten, and the
 * refusal of its own request ends the process. A cluster's connections are the library's.
 * @param again all channels are listened to after a break; what was published meanwhile is lost
 */
export async function subscribe(client: Client, channels: readonly string[], again?: () => void): Promise<void> {
  const all = (): Promise<unknown> => Promise.all(channels.map((channel) => client.ssubscribe(channel)));
  await all();
  if (isCluster(client)) return;
  client.on('ready', () => {
    all().then(again, () => {
      // Broken once more, or no answer in time: another connection asks again.
      if (client.status === 'ready') client.disconnect(true);
    });
  });
}
