import { demand } from '#api/routes/demand.ts';
import { Problem } from '#api/server/problems.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { KeyAnswer, ReservedKey } from '#engine/domain/commands/contents.ts';
import { homeOfKey, keyHash } from '#engine/domain/records/key.ts';
import { KEY_LENGTH } from './schema.ts';

/** Printable ASCII; the header's draft writes it as a quoted string, most clients without quotes. */
const KEY = /^(?:"([!#-~]+)"|([!-~]+))$/;

/** The key of a request's header. @throws Problem idempotency-key-missing, form-invalid */
export function keyOf(header: string): string {
  if (header === '') throw new Problem('idempotency-key-missing');
  const found = KEY.exec(header);
  const key = found?.[1] ?? found?.[2];
  if (key === undefined || key.length > KEY_LENGTH) {
    throw new Problem('form-invalid', `Idempotency-Key : 1 à ${KEY_LENGTH} caractères ASCII visibles.`);
  }
  return key;
}

/** Keys of one command: bounds how long its turn keeps others waiting. */
const KEYS_PER_COMMAND = 64;

interface Waiting {
  key: ReservedKey;
  resolve(answer: KeyAnswer): void;
  reject(error: Error): void;
}

/** Idempotency keys: which requests of this process are under way, and which folders are reserved for whom. */
export class Keys {
  readonly #hub: Hub;
  readonly #underWay = new Set<string>();
  #waiting: Waiting[] = [];

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /**
   * Begins a request under its key, alone in this process until `leave`. Another process may run the same one at the same
   * time: both then deposit the same folder, once.
   * @returns the key's hash @throws Problem idempotency-in-progress
   */
  enter(client: string, key: string): string {
    const hash = keyHash(client, key);
    if (this.#underWay.has(hash)) throw new Problem('idempotency-in-progress');
    this.#underWay.add(hash);
    return hash;
  }

  /** The request of this key is over. */
  leave(hash: string): void {
    this.#underWay.delete(hash);
  }

  /** The answer for one key; `folder` null: reserves nothing. */
  reserve(key: ReservedKey): Promise<KeyAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push({ key, resolve, reject });
    });
  }

  /** All that came in one turn of the event loop: keys of one partition are asked together, and decided in one turn. */
  #flush(): void {
    const homes = Map.groupBy(this.#waiting, ({ key }) => homeOfKey(key.hash));
    this.#waiting = [];
    for (const [home, waiting] of homes) {
      for (let from = 0; from < waiting.length; from += KEYS_PER_COMMAND)
        void this.#ask(home, waiting.slice(from, from + KEYS_PER_COMMAND));
    }
  }

  async #ask(home: number, waiting: readonly Waiting[]): Promise<void> {
    try {
      const keys = waiting.map(({ key }) => key);
      const answer = await demand(this.#hub, home, { kind: 'key.reserve', at: this.#hub.now(), keys });
      const found = (answer.body as { keys: KeyAnswer[] }).keys;
      for (const [index, { resolve }] of waiting.entries()) resolve(found[index] as KeyAnswer);
    } catch (error) {
      for (const { reject } of waiting) reject(error as Error);
    }
  }
}
