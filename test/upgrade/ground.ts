import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenOf } from '#bench/token.ts';
import { settle } from '#bench/town.ts';
import { openHub } from '#engine/client/hub.ts';
import { loadConfig } from '#engine/config.ts';
import { connect, disconnect, masters, reach } from '#engine/redis/connect.ts';
import { projectFolder } from '#ops/place.ts';
import type { Country } from '../chaos/country.ts';
import { Member, type Role } from '../chaos/member.ts';
import { ADMIN } from '../chaos/site.ts';
import { OneServer, type Store } from '../chaos/store.ts';
import { Front } from './front.ts';

/** Whole seconds, and well above what the front takes to look. */
const DRAIN_S = 2;
/** Enough that their mailboxes lie with both engines. */
const TOWNS = 8;
const READY_MS = 30_000;
const LOOK_MS = 20;

/** Of a command: its exit code, and all it said. */
export interface Ended {
  status: number | string;
  said: string;
}

type Servers = Pick<Store, 'url' | 'stop'>;

/** A Redis, processes of the product behind a front, each of a version that may be changed. */
export class Ground {
  readonly dir: string;
  readonly data: string;
  readonly members: Member[] = [];
  #store: Servers | undefined;
  #front: Front | undefined;
  #env: NodeJS.ProcessEnv = {};

  private constructor() {
    this.dir = mkdtempSync(join(tmpdir(), 'relais-upgrade-'));
    this.data = join(this.dir, 'data');
  }

  /**
   * @param members role and tree of each; those with an API are served by the front
   * @param servers what they keep their records in: one server, unless it is a cluster
   */
  static async open(
    members: readonly (readonly [name: string, role: Role, tree?: string])[],
    servers: (dir: string) => Promise<Servers> = (dir) => OneServer.open(dir, {}),
  ): Promise<Ground> {
    const ground = new Ground();
    try {
      ground.#store = await servers(join(ground.dir, 'redis'));
      await ground.#open(members);
      return ground;
    } catch (error) {
      await ground.close();
      throw error;
    }
  }

  async #open(members: readonly (readonly [name: string, role: Role, tree?: string])[]): Promise<void> {
    this.#env = {
      ...process.env,
      HUB_REDIS_URL: this.redisUrl,
      HUB_ADMIN_CLIENT_ID: ADMIN.id,
      HUB_ADMIN_CLIENT_SECRET: ADMIN.secret,
      HUB_LOG_LEVEL: 'info',
      HUB_DRAIN_SECONDS: String(DRAIN_S),
      HUB_WEBHOOK_PRIVATE: 'yes',
    };
    for (const [name, role, tree] of members)
      this.members.push(await Member.start({ dir: this.dir, data: this.data, env: this.#env }, name, role, tree));
    this.#front = await Front.open(this.members.filter(({ role }) => role !== 'engine').map(({ port }) => port));
  }

  get url(): string {
    return this.front.url;
  }

  get front(): Front {
    return this.#front as Front;
  }

  get redisUrl(): string {
    return (this.#store as Servers).url;
  }

  /** What the keys of a pattern hold, of all masters. */
  async strings(pattern: string): Promise<string[]> {
    const client = connect(this.redisUrl, () => undefined);
    try {
      await reach(client);
      const found = masters(client).map(async (master) =>
        Promise.all((await master.keys(pattern)).map((key) => master.get(key))),
      );
      return (await Promise.all(found)).flat().filter((text) => text !== null);
    } finally {
      await disconnect(client);
    }
  }

  async populate(count = TOWNS): Promise<Country> {
    const config = loadConfig(this.#env, { role: 'api', data: this.data, port: 0 });
    const hub = await openHub(config, () => undefined);
    try {
      const { sender, towns } = await settle(hub, config.masterKey, count, true);
      return {
        sender: await tokenOf(this.url, sender, 'OSL'),
        towns: await Promise.all(
          towns.map(async ({ identity, client }) => ({
            identity,
            token: await tokenOf(this.url, client as { id: string; secret: string }, 'SI'),
          })),
        ),
      };
    } finally {
      await hub.close();
    }
  }

  /** As an operator does: told to stop, started again, waited for before the next one. @returns whether it ended in good order */
  async restart(member: Member, tree = member.tree): Promise<boolean> {
    const willing = await member.stop();
    member.tree = tree;
    await member.start();
    if (member.role === 'engine') return willing;
    for (const deadline = performance.now() + READY_MS; !this.front.gives(member.port); ) {
      if (performance.now() > deadline) throw new Error(`${member.name} is not ready after ${READY_MS / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return willing;
  }

  /** `./hub upgrade …` of a version. */
  upgrade(tree: string, ...words: string[]): Promise<Ended> {
    return this.#run(tree, ['upgrade', ...words, `--data=${this.data}`]);
  }

  /** What a process that cannot start says. */
  attempt(tree: string): Promise<Ended> {
    return this.#run(tree, ['start', '--role=api', '--port=0', `--data=${this.data}`]);
  }

  /** Beside the load of this process, which must go on. */
  #run(tree: string, words: readonly string[]): Promise<Ended> {
    const env = { ...this.#env, HUB_MEMBER: 'attempt' };
    return new Promise((resolve) => {
      execFile(join(tree, 'hub'), words, { env, encoding: 'utf8', timeout: READY_MS }, (error, out, err) =>
        resolve({ status: error === null ? 0 : (error.code ?? -1), said: out + err }),
      );
    });
  }

  /** What the members have said so far, in their logs. */
  get said(): string {
    return this.members.map(({ name }) => readFileSync(join(this.dir, `${name}.err`), 'utf8')).join('');
  }

  async close(keep = false): Promise<void> {
    await this.#front?.close();
    await Promise.all(this.members.map((member) => member.stop()));
    await this.#store?.stop();
    if (!keep) rmSync(this.dir, { recursive: true, force: true });
  }
}

export const THIS = projectFolder;
