import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Two authorities and their certificates, made by openssl for one run: no key lies in the repository. */
export class Pki {
  readonly folder = mkdtempSync(join(tmpdir(), 'pki-'));

  constructor() {
    this.#authority('ca');
    this.#authority('stranger-ca');
    this.issue('server', 'ca', 'serverAuth');
    this.issue('town', 'ca', 'clientAuth');
    this.issue('stranger', 'stranger-ca', 'clientAuth');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  pem(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  issue(name: string, by: string, usage: string, days = 2): void {
    const extensions = this.path(`${name}.ext`);
    writeFileSync(extensions, `subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=${usage}\n`);
    this.#openssl('req', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signed = ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial', '-days', String(days)];
    this.#openssl('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`, '-extfile', extensions);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #authority(name: string): void {
    const subject = ['-subj', `/CN=${name}`, '-days', '2'];
    this.#openssl('req', '-x509', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.pem`, ...subject);
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'ignore' });
  }
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Whether the machine has openssl; without it, tests of TLS are skipped and say so. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
