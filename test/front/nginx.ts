import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectFolder } from '#ops/place.ts';
import { freePort } from '#ops/redis/server.ts';

/** A real nginx with the project's own file: ports, certificate and addresses of the hub are all that is replaced. */
export interface Behind {
  api: string;
  portal: string;
  files: string;
}

/** What Debian's nginx.conf says for all servers, before it reads ours. */
const DEBIAN =
  'sendfile on; tcp_nopush on; types_hash_max_size 2048; ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers on; gzip on;';

const UP_MS = 10_000;
const LOOK_MS = 20;

export class Nginx {
  readonly port: number;
  readonly #dir = mkdtempSync(join(tmpdir(), 'relais-nginx-'));
  readonly #binary: string;
  #child: ChildProcess | undefined;

  private constructor(binary: string, port: number) {
    this.#binary = binary;
    this.port = port;
  }

  static async open(binary: string, pki: { path(name: string): string }, behind: Behind): Promise<Nginx> {
    const nginx = new Nginx(binary, await freePort());
    const address = (url: string): string => new URL(url).host;
    const file = readFileSync(join(projectFolder, 'ops/nginx/relais.conf'), 'utf8')
      .replaceAll(/^ *listen \[::\].*\n/gm, '')
      .replace('listen 80', `listen 127.0.0.1:${await freePort()}`)
      .replaceAll('listen 443', `listen 127.0.0.1:${nginx.port}`)
      .replace('127.0.0.1:8080', address(behind.api))
      .replace('127.0.0.1:8081', address(behind.portal))
      .replace('127.0.0.1:8082', address(behind.files))
      .replace('/etc/ssl/relais/relais.pem', pki.path('server.pem'))
      .replace('/etc/ssl/relais/relais.key', pki.path('server.key'));
    const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${nginx.#dir}/${name};`,
    );
    const user = process.getuid?.() === 0 ? 'user root;' : '';
    writeFileSync(join(nginx.#dir, 'relais.conf'), file);
    writeFileSync(
      join(nginx.#dir, 'nginx.conf'),
      `${user} daemon off; pid ${nginx.#dir}/pid; error_log ${nginx.#dir}/error.log warn; worker_processes 1;
events { worker_connections 512; }
http { access_log off; ${scratch.join(' ')} ${DEBIAN} include ${nginx.#dir}/relais.conf; }\n`,
    );
    return nginx;
  }

  get #words(): string[] {
    return ['-p', this.#dir, '-e', join(this.#dir, 'error.log'), '-c', join(this.#dir, 'nginx.conf')];
  }

  /** `nginx -t`. @throws with what it says of the file */
  test(): void {
    mkdirSync(this.#dir, { recursive: true });
    execFileSync(this.#binary, ['-t', ...this.#words], { stdio: 'pipe' });
  }

  async start(): Promise<void> {
    this.#child = spawn(this.#binary, this.#words, { stdio: 'ignore' });
    for (const deadline = performance.now() + UP_MS; !(await listens(this.port)); await pause(LOOK_MS))
      if (performance.now() > deadline) throw new Error(`nginx does not listen: ${this.said}`);
  }

  get said(): string {
    return readFileSync(join(this.#dir, 'error.log'), 'utf8');
  }

  async stop(): Promise<void> {
    if (this.#child !== undefined && this.#child.exitCode === null) {
      this.#child.kill('SIGTERM');
      await once(this.#child, 'exit');
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
