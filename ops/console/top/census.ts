/** Recipients for a screen: looked at now and then, by connections of its own, while the screen goes on. */
import { type Onlooker, openOnlooker } from '#engine/client/onlooker.ts';
import { type Recipients, readRecipients, UNKNOWN } from '../recipients.ts';

/** They are silent for hours or days: that often is enough, and nobody notices the reads. ms */
const EVERY_MS = 60_000;

export class RecipientsWatch {
  #known: Recipients = UNKNOWN;
  #hub: Promise<Onlooker> | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #redisUrl: string;

  constructor(redisUrl: string) {
    this.#redisUrl = redisUrl;
  }

  get known(): Recipients {
    return this.#known;
  }

  start(): void {
    this.#timer = setInterval(() => void this.refresh(), EVERY_MS);
    this.#timer.unref();
    void this.refresh();
  }

  /** Never throws. */
  async refresh(): Promise<void> {
    try {
      this.#hub ??= this.#open();
      this.#known = { rows: await readRecipients(await this.#hub), error: '' };
    } catch (error) {
      this.#known = { rows: this.#known.rows, error: (error as Error).message.split('\n')[0] ?? '' };
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#hub?.then(
      (hub) => hub.close(),
      () => undefined,
    );
  }

  /** One that could not be opened is tried again the next time. */
  #open(): Promise<Onlooker> {
    const opening = openOnlooker(this.#redisUrl, () => undefined);
    opening.catch(() => {
      this.#hub = undefined;
    });
    return opening;
  }
}
