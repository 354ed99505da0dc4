import { join, resolve } from 'node:path';
import { loadConfig } from '#engine/config.ts';

/** Where the attachments of a hub lie, as its environment says. */
export const blobsOf = (data: string, env = process.env): string => resolve(env['HUB_BLOBS'] || join(data, 'blobs'));

/** Where all of a hub lies. @throws ConfigError */
export function settingsOf(
  data: string,
  env = process.env,
): {
  data: string;
  blobs: string;
  redisUrl: string;
  masterKey: Buffer;
} {
  // its own server's address is not looked at
  const { masterKey } = loadConfig(
    { ...env, HUB_REDIS_URL: env['HUB_REDIS_URL'] || 'redis://127.0.0.1' },
    { role: 'api', data },
  );
  return { data, blobs: blobsOf(data, env), redisUrl: env['HUB_REDIS_URL'] ?? '', masterKey };
}
