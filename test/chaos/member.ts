import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { projectFolder } from '#ops/place.ts';
import { freePort } from '#ops/redis/server.ts';

/** One process of the product, `./hub start`, that can be killed, frozen and started again. */
export type Role = 'all' | 'api' | 'engine' | 'portal';

interface Ground {
  dir: string;
  data: string;
  env: NodeJS.ProcessEnv;
}

/** A process that does not stop when told is a bug of its own, which must not keep the run. ms */
const STOP_MS = 40_000;
/** As a service manager: between two attempts, and until it gives up. ms */
const AGAIN_MS = 200;
const UP_MS = 60_000;

export class Member {
  readonly name: string;
  readonly role: Role;
  /** folder of the tree it is started from: another one has another version */
  tree = projectFolder;
  readonly #ground: Ground;
  readonly #port: number;
  #child: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();

  private constructor(ground: Ground, name: string, role: Role, port: number) {
    this.#ground = ground;
    this.name = name;
    this.role = role;
    this.#port = port;
  }

  static async start(ground: Ground, name: string, role: Role, tree = projectFolder): Promise<Member> {
    const member = new Member(ground, name, role, await freePort());
    member.tree = tree;
    await member.start();
    return member;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** @throws when it was never started */
  get pid(): number {
    return this.#child?.pid as number;
  }

  get runs(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null;
  }

  /** Until it says that it runs. @throws when it ends before */
  async start(): Promise<void> {
    const log = openSync(join(this.#ground.dir, `${this.name}.err`), 'a');
    const words = ['start', `--role=${this.role}`, `--data=${this.#ground.data}`, `--port=${this.#port}`];
    // When this run dies without a word, what it started is told to stop.
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', join(this.tree, 'hub'), ...words], {
      cwd: this.tree,
      env: {
        ...this.#ground.env,
        HUB_MEMBER: this.name,
        ...(this.role === 'portal' && { HUB_PORTAL_PORT: String(this.#port), HUB_PORTAL_FILES_PORT: '0' }),
      },
      stdio: ['ignore', 'pipe', log],
    });
    closeSync(log);
    this.#child = child;
    this.#ended = new Promise((resolve) => {
      child.once('exit', () => resolve());
    });
    await new Promise<void>((resolve, reject) => {
      const lines = createInterface({ input: child.stdout as Readable });
      lines.once('line', () => resolve());
      // Read to the end: a full pipe would stop it.
      lines.on('line', () => undefined);
      child.once('exit', (code, signal) => reject(new Error(`${this.name} ended with ${code ?? signal}`)));
    });
  }

  /** As a service manager does: again, when it ends before it runs. */
  async bringUp(): Promise<void> {
    for (const deadline = performance.now() + UP_MS; ; await pause(AGAIN_MS)) {
      try {
        return await this.start();
      } catch (error) {
        if (performance.now() > deadline) throw error;
      }
    }
  }

  /** Without a word to it. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#ended;
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** In good order; false when it had to be killed. */
  async stop(): Promise<boolean> {
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    let willing = true;
    const force = setTimeout(() => {
      willing = false;
      this.signal('SIGKILL');
    }, STOP_MS);
    await this.#ended;
    clearTimeout(force);
    return willing;
  }
}
