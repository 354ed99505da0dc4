import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { executable, here, install, wordsFor } from '#ops/debian.ts';

/** A clock for some processes of a run: libfaketime moves what they take for the time of day. The machine's is never touched. */
const LIBRARIES = ['/usr/lib/*/faketime/libfaketimeMT.so.1', '/usr/lib/faketime/libfaketimeMT.so.1'];
const PACKAGE = 'libfaketime';

const library = (): string | undefined => globSync(LIBRARIES)[0];

/** The C library of this machine: Redis' own allocator asks for the time before libfaketime can tell it, so libc's is used. */
const libc = (): string => /\S+\/libc\.so\.6$/m.exec(readFileSync('/proc/self/maps', 'utf8'))?.[0] ?? 'libc.so.6';

/** Why no clock can be moved here, once what lacks was installed as root; undefined when it can. */
export function clockMissing(): string | undefined {
  if (library() !== undefined) return undefined;
  const apt = executable('apt-get');
  if (apt !== undefined && here().root) {
    console.error(`hub: installing ${PACKAGE}: a library, no service`);
    install(apt, PACKAGE);
    if (library() !== undefined) return undefined;
  }
  return `clocks are moved by libfaketime, which is not here: run « sudo apt-get ${wordsFor(PACKAGE).join(' ')} »`;
}

export class MovedClock {
  readonly #file: string;

  /** @param file says by how much the clock is moved, for whoever has `env` */
  constructor(file: string) {
    this.#file = file;
    this.move(0);
  }

  /** Variables of the processes whose clock this is. Time that passes is left alone: only the time of day moves. */
  get env(): Record<string, string> {
    return {
      LD_PRELOAD: `${library()}:${libc()}`,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      // Looked at anew each second.
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DISABLE_SHM: '1',
    };
  }

  /** @param seconds from the machine's clock, seen by all within a second */
  move(seconds: number): void {
    writeFileSync(this.#file, `${seconds < 0 ? '-' : '+'}${Math.abs(seconds)}\n`);
  }
}
