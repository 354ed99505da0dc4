import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Gauge, type Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { FORMATS } from '../domain/format.ts';
import { VERSION } from '../version.ts';
import { roomOf } from './room.ts';
import { diskGauges } from './servers.ts';

const MS_PER_S = 1_000;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** What `./hub backup` leaves in the data folder when it is done: `{"at": date, "bytes": n, "seconds": n}`. */
export const BACKUP_NOTE = 'backup.json';

const NO_BACKUP = { at: 0, bytes: 0 };

type Host = Pick<Config, 'data' | 'blobs' | 'tls'>;

/** Once a process: which version it is, and the last format of a hub that it reads. */
export function buildInfo(registry: Registry): void {
  gaugeOf(registry, 'relais_build_info', 'Always 1: the version of this process, and the last format it reads', [
    'version',
    'format',
  ]).set({ version: VERSION, format: FORMATS.max }, 1);
}

/** The disks, certificates and backups of a process's machine: one a process, looked at when somebody asks for figures. */
export class HostGauges {
  readonly #host: Host;
  readonly #free: Gauge<'folder'>;
  readonly #size: Gauge<'folder'>;
  readonly #certificates: Gauge<'certificate'>;
  /** of each file, what it was like when it was read */
  readonly #read = new Map<string, string>();
  readonly #backup: Gauge;
  readonly #backupBytes: Gauge;

  constructor(registry: Registry, host: Host) {
    this.#host = host;
    [this.#free, this.#size] = diskGauges(registry);
    this.#certificates = gaugeOf(
      registry,
      'relais_certificate_expiry_timestamp_seconds',
      'End of validity of the certificates this process serves with or trusts; of several in a file the first to end',
      ['certificate'],
    );
    this.#backup = gaugeOf(
      registry,
      'relais_backup_success_timestamp_seconds',
      'When the last backup was done, as the data folder of this process says; 0: it knows of none',
    );
    this.#backupBytes = gaugeOf(registry, 'relais_backup_bytes', 'Size of that backup');
  }

  async refresh(): Promise<void> {
    const { data, blobs, tls } = this.#host;
    for (const [folder, path] of Object.entries({ data, blobs })) {
      const found = await roomOf(path).catch(() => undefined);
      if (found === undefined) continue;
      this.#free.set({ folder }, found.free);
      this.#size.set({ folder }, found.size);
    }
    const last = await backupOf(data);
    this.#backup.set(last.at / MS_PER_S);
    this.#backupBytes.set(last.bytes);
    if (tls === undefined) return;
    // The files as they are: one renewed is served after the process was started again.
    for (const [certificate, file] of Object.entries({
      server: tls.cert,
      ...(tls.ca !== '' && { 'client-ca': tls.ca }),
    })) {
      if (!(await this.#isNew(file))) continue;
      const end = endOf(file);
      if (end !== undefined) this.#certificates.set({ certificate }, end / MS_PER_S);
    }
  }

  /** Whether a file is another than the one that was read. One that is not there leaves what is known of it. */
  async #isNew(file: string): Promise<boolean> {
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) return false;
    const like = `${found.ino} ${found.size} ${found.mtimeMs}`;
    const known = this.#read.get(file) === like;
    this.#read.set(file, like);
    return !known;
  }
}

/** The registry's own, if it has it: parts of one thread share one registry. */
function gaugeOf<T extends string = never>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: T[] = [],
): Gauge<T> {
  const known = registry.getSingleMetric(name) as Gauge<T> | undefined;
  return known ?? new Gauge({ name, help, labelNames, registers: [registry] });
}

/** undefined: none can be read there */
export function endOf(file: string): number | undefined {
  try {
    const ends = [...readFileSync(file, 'utf8').matchAll(PEM)].map(([pem]) =>
      Date.parse(new X509Certificate(pem).validTo),
    );
    return ends.length === 0 ? undefined : Math.min(...ends);
  } catch {
    return undefined;
  }
}

async function backupOf(folder: string): Promise<{ at: number; bytes: number }> {
  try {
    const { at, bytes } = JSON.parse(await readFile(join(folder, BACKUP_NOTE), 'utf8')) as {
      at: string;
      bytes: number;
    };
    const ms = Date.parse(at);
    return Number.isNaN(ms) || typeof bytes !== 'number' ? NO_BACKUP : { at: ms, bytes };
  } catch {
    return NO_BACKUP;
  }
}
