import { connect, disconnect } from './connect.ts';

/** Nobody answers at the address of Redis, or not to us: says which, and what to do. */
export class UnreachableRedis extends Error {
  override name = 'UnreachableRedis';
  constructor(url: string, reason: string) {
    super(`no Redis answers at ${withoutSecrets(url)} (${reason}): start it, or correct HUB_REDIS_URL`);
  }
}

/** An address of Redis as it may be shown: without user and password. */
export const withoutSecrets = (url: string): string => url.replace(/\/\/[^@/,]*@/g, '//');

/** Asks for a sign of life before anything is opened. @throws UnreachableRedis */
export async function reach(url: string): Promise<void> {
  let heard: Error | undefined;
  const client = connect(url, (error) => {
    heard ??= error;
  });
  try {
    await client.ping();
  } catch (error) {
    // What the connection met says more than that it was closed; a cluster puts it behind its own error.
    const cause = (heard ?? (error as Error)) as Error & { lastNodeError?: Error };
    throw new UnreachableRedis(url, (cause.lastNodeError ?? cause).message);
  } finally {
    await disconnect(client);
  }
}
