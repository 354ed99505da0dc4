import type { Hub } from '#engine/client/hub.ts';
import type { Link } from './link.ts';
import type { Pen } from './pen.ts';
import type { Writing } from './writing.ts';

/** Cases read at once. */
const PAGE = 500;
const PREFIX = 'delay ';
/** A démarche without a delay, in the file. */
const NONE = -1;

interface Parts {
  hub: { referential: Pick<Hub['referential'], 'processes'> };
  link: Link<Writing>;
  pen: Pick<Pen, 'put'>;
}

/** Deadlines are in the rows, delays in the referential: when one changes, the cases of its démarche are read again. */
export class Delays {
  readonly #parts: Parts;
  /** days by démarche, as the rows have them */
  readonly #known: Map<string, number>;
  #running: Promise<void> | undefined;

  private constructor(parts: Parts, known: Map<string, number>) {
    this.#parts = parts;
    this.#known = known;
  }

  /** @param fresh the file has no rows yet: they will come with the delays of now */
  static async open(parts: Parts, fresh: boolean): Promise<Delays> {
    const facts = await parts.link.call('facts', PREFIX);
    const known = new Map(facts.map(({ name, value }) => [name.slice(PREFIX.length), value]));
    const delays = new Delays(parts, known);
    if (fresh) for (const [code, days] of delays.#changed()) await delays.#note(code, days);
    return delays;
  }

  /** Resolves once the rows have the delays the referential has now; undefined: they have. */
  look(): Promise<void> | undefined {
    if (this.#running === undefined && this.#changed().length > 0) {
      this.#running = this.#renew().finally(() => {
        this.#running = undefined;
      });
    }
    return this.#running;
  }

  #changed(): [code: string, days: number][] {
    return Array.from(this.#parts.hub.referential.processes(), ({ code, timeBeforeDeadline }) => {
      return [code, timeBeforeDeadline ?? NONE] as [string, number];
    }).filter(([code, days]) => (this.#known.get(code) ?? NONE) !== days);
  }

  async #renew(): Promise<void> {
    const { link, pen } = this.#parts;
    for (const [code, days] of this.#changed()) {
      for (let after = ''; ; ) {
        const cases = await link.call('ofProcess', code, after, PAGE);
        if (cases.length > 0) await pen.put({ cases });
        if (cases.length < PAGE) break;
        after = cases.at(-1) as string;
      }
      await this.#note(code, days);
    }
  }

  /** Afterwards: a crash before that reads them once more. */
  async #note(code: string, days: number): Promise<void> {
    await this.#parts.link.call('note', PREFIX + code, days);
    this.#known.set(code, days);
  }
}
