import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RedisServer, startRedis } from '#ops/redis/server.ts';
import { Member, type Role } from './member.ts';

/** The machine of a run: a Redis and processes of the product, all started here, signalled by their pid only. */
export type Layout = 'one' | 'split';

export const ADMIN = { id: 'chaos-admin', secret: 'a-secret-of-the-chaos-runs-only' } as const;

export class Site {
  readonly dir: string;
  readonly data: string;
  readonly env: NodeJS.ProcessEnv;
  readonly members: Member[] = [];
  /** files that a fault has spoilt: each may be refused from then on, none may be served otherwise than it was sent */
  spoilt = 0;
  redis: RedisServer;

  private constructor(dir: string, redis: RedisServer) {
    this.dir = dir;
    this.redis = redis;
    this.data = join(dir, 'data');
    this.env = {
      ...process.env,
      HUB_REDIS_URL: redis.url,
      HUB_ADMIN_CLIENT_ID: ADMIN.id,
      HUB_ADMIN_CLIENT_SECRET: ADMIN.secret,
      HUB_LOG_LEVEL: 'info',
    };
  }

  static async open(layout: Layout): Promise<Site> {
    const dir = mkdtempSync(join(tmpdir(), 'relais-chaos-'));
    const site = new Site(dir, await startRedis({ dir: join(dir, 'redis') }));
    try {
      const wanted: [string, Role][] =
        layout === 'one'
          ? [['all', 'all']]
          : [
              ['engine-a', 'engine'],
              ['engine-b', 'engine'],
              ['api', 'api'],
            ];
      for (const [name, role] of wanted) site.members.push(await Member.start(site, name, role));
      return site;
    } catch (error) {
      await site.close(true);
      throw error;
    }
  }

  get redisDir(): string {
    return join(this.dir, 'redis');
  }

  /** The API's base URL: a restart keeps it. */
  get url(): string {
    return (this.members.find(({ role }) => role !== 'engine') as Member).url;
  }

  get engines(): Member[] {
    return this.members.filter(({ role }) => role !== 'api');
  }

  async killRedis(): Promise<void> {
    process.kill(this.redis.pid, 'SIGKILL');
    await this.redis.ended;
  }

  /** On its folder and port, as it lies there now. */
  async startRedis(): Promise<void> {
    this.redis = await startRedis({ dir: this.redisDir, port: this.redis.port });
  }

  async close(keep: boolean): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
    await this.redis.stop();
    if (!keep) rmSync(this.dir, { recursive: true, force: true });
  }
}
