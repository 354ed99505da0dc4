import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { FORMATS, type Format } from '../domain/format.ts';
import { VERSION } from '../version.ts';
import type { Calls } from './calls.ts';
import { type Client, masters } from './connect.ts';
import { checkFormat, UnfitFormat } from './format.ts';
import { CONTROL } from './keys.ts';
import { LIBRARIES, LIBRARY } from './library.ts';

/** How often a process says that it runs, ms: so late it learns that an upgrade was finalised. */
const BEAT_MS = 2_000;
/** Silence after which a process no longer counts, ms: as long as an engine's lease. */
export const SILENCE_MS = 10_000;

/** What each part of a process says of itself. */
export interface Running {
  version: string;
  library: string;
  formats: { min: Format; max: Format };
  part: 'api' | 'engine';
  /** of an engine, as in HUB_MEMBER; '' */
  member: string;
  host: string;
  pid: number;
  /** ms of its host's clock */
  since: number;
}

type Said = [format: Format, texts: string[]];

/**
 * One part of a process among those of all versions on the hub: says so, and knows the format it writes. When that is
 * raised beyond what it reads, it may do nothing more, and ends with its process.
 */
export class Build {
  readonly #calls: Calls;
  readonly #id = randomUUID();
  readonly #text: string;
  readonly #end: (error: UnfitFormat) => void;
  #format: Format = FORMATS.min;
  #timer: NodeJS.Timeout | undefined;

  /** @param end told when the process must end; by itself, it does */
  constructor(calls: Calls, part: Running['part'], member = '', end = unheard) {
    this.#calls = calls;
    this.#end = end;
    const running: Running = {
      version: VERSION,
      library: LIBRARY,
      formats: FORMATS,
      part,
      member,
      host: hostname(),
      pid: process.pid,
      since: Date.now(),
    };
    this.#text = JSON.stringify(running);
  }

  /** Of the hub, as of the last beat. */
  get format(): Format {
    return this.#format;
  }

  /** Before anything else is written. @throws UnfitFormat */
  async join(): Promise<void> {
    await this.#beat();
    this.#timer = setInterval(() => void this.#tick(), BEAT_MS);
    this.#timer.unref();
  }

  async leave(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#timer !== undefined)
      await this.#calls.call('retire', [CONTROL.builds], [this.#id]).catch(() => undefined);
    this.#timer = undefined;
  }

  /** While Redis is away nothing is finalised; and what it answers late comes all the same. */
  async #tick(): Promise<void> {
    try {
      await this.#beat();
    } catch (error) {
      if (!(error instanceof UnfitFormat)) return;
      clearInterval(this.#timer);
      this.#end(error);
    }
  }

  async #beat(): Promise<void> {
    const { min, max } = FORMATS;
    const [format] = await say(this.#calls, this.#id, min, max, this.#text);
    checkFormat(format);
    this.#format = format;
  }
}

const say = (calls: Calls, id: string, min: Format, max: Format, text: string): Promise<Said> =>
  calls.call('announce', [CONTROL.meta, CONTROL.builds], [id, SILENCE_MS, min, max, text]) as Promise<Said>;

/** What the hub writes, and what runs on it. */
export async function running(calls: Calls): Promise<{ format: Format; parts: Running[] }> {
  const [format, texts] = await say(calls, '', 0, 0, '');
  return { format, parts: texts.map((text) => JSON.parse(text) as Running) };
}

/** Raises the hub's format. @returns those that run and do not read it: with any, nothing was done */
export async function finalise(calls: Calls, wanted: Format): Promise<Running[]> {
  const said = (await calls.call('finalise', [CONTROL.meta, CONTROL.builds], [wanted, SILENCE_MS])) as Said;
  return said[1].map((text) => JSON.parse(text) as Running);
}

/** Takes the functions of versions from the servers that no process uses any more. @returns their names */
export async function forgetLibraries(client: Client, used: ReadonlySet<string>): Promise<string[]> {
  const gone = new Set<string>();
  for (const master of masters(client)) {
    const found = (await master.function('LIST', 'LIBRARYNAME', `${LIBRARIES}*`)) as unknown[][];
    for (const [, name] of found as [unknown, string][]) {
      if (used.has(name)) continue;
      await master.function('DELETE', name);
      gone.add(name);
    }
  }
  return [...gone];
}

/** As for any fault that nobody caught: the process ends, its manager starts it again, and it says why it cannot start. */
function unheard(error: UnfitFormat): void {
  setImmediate(() => {
    throw error;
  });
}
