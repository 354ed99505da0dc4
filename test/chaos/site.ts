import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MovedClock } from './clock.ts';
import { ClusterStore } from './cluster.ts';
import { SmallDisk } from './disk.ts';
import type { Flip } from './flip.ts';
import { Member, type Role } from './member.ts';
import { Relay } from './relay.ts';
import { KeptServer, OneServer, type Store } from './store.ts';

/** `one`: a process that does all; `split`: two engines and an API; `kept`: like `one`, and the product keeps its Redis. */
export type Layout = 'one' | 'split' | 'kept';

/** What a fault needs the machine to be like. */
export interface Needs {
  layout: Layout;
  /** a relay between these and what they connect to */
  relay?: 'product' | 'clients';
  /** a clock of their own for these */
  clock?: 'product' | 'redis';
  /** three masters with a replica each, instead of one Redis */
  store?: 'cluster';
  /** another level of durability than the run's */
  durability?: 'everysec';
  /** a small disk for these */
  disk?: 'blobs' | 'redis' | 'journal';
  /** where the moved clock begins, from the machine's. Seconds */
  clockSeconds?: number;
  /** more variables of the processes' environment */
  env?: Readonly<Record<string, string>>;
}

export const ADMIN = { id: 'chaos-admin', secret: 'a-secret-of-the-chaos-runs-only' } as const;
/** A clock moved by an hour must not end the tokens of a run: taking new ones is not what is tried. s */
const TOKEN_SECONDS = 86_400;

const MEMBERS: Record<Layout, readonly [name: string, role: Role][]> = {
  one: [['all', 'all']],
  kept: [['all', 'all']],
  split: [
    ['engine-a', 'engine'],
    ['engine-b', 'engine'],
    ['api', 'api'],
  ],
};

/** The machine of a run: a Redis and processes of the product, all started here, signalled by their pid only. */
export class Site {
  readonly dir: string;
  readonly data: string;
  readonly members: Member[] = [];
  /** files that a fault has spoilt: each may be refused from then on, none may be served otherwise than it was sent */
  spoilt = 0;
  /** bits that a fault has turned over */
  readonly flips: Flip[] = [];
  /** processes that died without a word */
  kills = 0;
  relay: Relay | undefined;
  clock: MovedClock | undefined;
  disk: SmallDisk | undefined;
  #store: Store | undefined;
  #env: NodeJS.ProcessEnv = {};
  readonly #needs: Needs;

  private constructor(needs: Needs) {
    this.#needs = needs;
    this.dir = mkdtempSync(join(tmpdir(), 'relais-chaos-'));
    this.data = join(this.dir, 'data');
  }

  static async open(needs: Needs): Promise<Site> {
    const site = new Site(needs);
    try {
      await site.#open();
      return site;
    } catch (error) {
      await site.close(true);
      throw error;
    }
  }

  async #open(): Promise<void> {
    const { layout, relay, clock, clockSeconds = 0, disk, store, durability, env } = this.#needs;
    if (disk !== undefined) this.disk = SmallDisk.mount(join(this.data, disk));
    if (clock !== undefined) {
      this.clock = new MovedClock(join(this.dir, 'clock'));
      this.clock.move(clockSeconds);
    }
    if (relay !== undefined) this.relay = await Relay.open();
    const kept = layout === 'kept';
    const own = clock === 'redis' ? (this.clock as MovedClock).env : {};
    const redis = join(this.dir, 'redis');
    if (store === 'cluster') this.#store = await ClusterStore.open(redis, { ...process.env, ...env });
    else
      this.#store = kept
        ? new KeptServer(join(this.data, 'redis'))
        : await OneServer.open(redis, own, durability && { appendfsync: durability });
    if (relay === 'product') this.relay?.lead(Number(new URL(this.#store.url).port));
    this.#env = {
      ...process.env,
      HUB_REDIS_URL: kept ? '' : relay === 'product' ? `redis://127.0.0.1:${this.relay?.port}` : this.#store.url,
      HUB_ADMIN_CLIENT_ID: ADMIN.id,
      HUB_ADMIN_CLIENT_SECRET: ADMIN.secret,
      HUB_TOKEN_SECONDS: String(TOKEN_SECONDS),
      HUB_LOG_LEVEL: 'info',
      // The receiver of webhooks is the run itself.
      HUB_WEBHOOK_PRIVATE: 'yes',
      ...(durability && { HUB_DURABILITY: durability }),
      ...(clock === 'product' && this.clock?.env),
      ...env,
    };
    for (const [name, role] of MEMBERS[layout]) await this.add(name, role);
    if (relay === 'clients') this.relay?.lead(Number(new URL(this.#api.url).port));
  }

  /** One more process of the product. @param more variables of its own */
  async add(name: string, role: Role, more: NodeJS.ProcessEnv = {}): Promise<Member> {
    const member = await Member.start({ dir: this.dir, data: this.data, env: { ...this.#env, ...more } }, name, role);
    this.members.push(member);
    return member;
  }

  get store(): Store {
    return this.#store as Store;
  }

  /** Configuration of the run's own look at the store. */
  get env(): NodeJS.ProcessEnv {
    const { durability, env } = this.#needs;
    return {
      ...process.env,
      HUB_REDIS_URL: this.store.url,
      ...(durability && { HUB_DURABILITY: durability }),
      ...env,
      HUB_ASK_SECONDS: '',
    };
  }

  /** The API's base URL for clients: a restart keeps it. */
  get url(): string {
    return this.#needs.relay === 'clients' ? `http://127.0.0.1:${this.relay?.port}` : this.#api.url;
  }

  get #api(): Member {
    return this.members.find(({ role }) => role === 'api' || role === 'all') as Member;
  }

  get engines(): Member[] {
    return this.members.filter(({ role }) => role === 'engine' || role === 'all');
  }

  /** @throws when nobody noticed it, and that is not known */
  noteFlip(flip: Flip): void {
    this.flips.push(flip);
    if (flip.fate === 'unnoticed') throw new Error(`a wrong bit was not noticed: ${flip.how}`);
  }

  /** What the members have said so far, in their logs. */
  get said(): string {
    return this.members.map(({ name }) => readFileSync(join(this.dir, `${name}.err`), 'utf8')).join('');
  }

  async kill(member: Member): Promise<void> {
    this.kills += 1;
    await member.kill();
  }

  async killRedis(): Promise<void> {
    const died = await this.store.kill();
    this.kills += died;
  }

  /** Members and Redis at the same moment. */
  async killAll(): Promise<void> {
    await Promise.all([this.killRedis(), ...this.members.map((member) => this.kill(member))]);
  }

  async close(keep: boolean): Promise<void> {
    this.disk?.free();
    await Promise.all(this.members.map((member) => member.stop()));
    await this.#store?.stop();
    await this.relay?.close();
    this.disk?.unmount();
    if (!keep) rmSync(this.dir, { recursive: true, force: true });
  }
}
