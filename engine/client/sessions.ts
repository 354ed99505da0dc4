import { hash, randomBytes } from 'node:crypto';
import type { Id } from '../domain/ids.ts';
import type { SessionStore } from '../redis/sessions.ts';
import { Recent } from './recent.ts';
import { served } from './served.ts';

/** An agent's sign-in, as long as it lasts. */
export interface Session {
  agent: Id;
  /** ms */
  issued: number;
  /** level and methods of the sign-in, as the provider said them */
  acr: string;
  amr: readonly string[];
  /** credential id of the passkey it was opened with; absent: the provider signed its agent in */
  passkey?: string;
  /** ms; whatever the agent does */
  ends: number;
}

/** Without a gesture, a session ends after this time, ms (ProConnect's own). */
export const IDLE_MS = 30 * 60_000;
/** At most, ms: a working day. */
export const LIFE_MS = 12 * 3_600_000;

/** A session is not prolonged more often, ms: each time is a write of Redis' file. */
const TOUCH_MS = 60_000;
/** Sessions remembered to have been prolonged. */
const KEPT = 16_384;
const SECRET_BYTES = 32;

const hashOf = (secret: string): string => hash('sha256', secret, 'base64url');

/**
 * Sessions of agents, in Redis by the SHA-256 of their secret. They are outside of the engine's promise (decision 021):
 * one that is lost signs somebody out, and nothing else. Every call throws DomainError busy when Redis is away.
 */
export class Sessions {
  readonly #store: SessionStore;
  readonly #now: () => number;
  readonly #touched = new Recent<string, number>(KEPT);

  constructor(store: SessionStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** A new session; its secret is known to who gets it here, and to nobody else. */
  async open(who: Pick<Session, 'agent' | 'acr' | 'amr' | 'passkey'>): Promise<{ secret: string; session: Session }> {
    const issued = this.#now();
    const session: Session = { ...who, issued, ends: issued + LIFE_MS };
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    await served(this.#store.put(hashOf(secret), who.agent, JSON.stringify(session), IDLE_MS, LIFE_MS));
    return { secret, session };
  }

  /** The session of a secret; undefined when it is over. @param gesture somebody did something, which prolongs it */
  async resume(secret: string, gesture = true): Promise<{ hash: string; session: Session } | undefined> {
    const key = hashOf(secret);
    const session = await this.live(key);
    if (session === undefined) return undefined;
    const now = this.#now();
    if (gesture && now - (this.#touched.get(key) ?? session.issued) >= TOUCH_MS) {
      this.#touched.set(key, now);
      await served(this.#store.touch(key, Math.min(IDLE_MS, session.ends - now)));
    }
    return { hash: key, session };
  }

  /** The session of a hash, as it is now; undefined when it is over. Those of one moment are read together. */
  async live(key: string): Promise<Session | undefined> {
    const text = await served(this.#store.get(key));
    if (text === null) return undefined;
    const session = JSON.parse(text) as Session;
    return this.#now() < session.ends ? session : undefined;
  }

  /** Ends the session of a secret, or all of its agent's; one that is over stays so. */
  async end(secret: string, everywhere: boolean): Promise<void> {
    const key = hashOf(secret);
    const session = await this.live(key);
    if (session === undefined) return;
    await served(everywhere ? this.#store.removeAll(session.agent) : this.#store.remove(key, session.agent));
  }

  /** Whether what may be used once is used for the first time. @param lifeMs after which it is worth nothing anyway */
  spend(text: string, lifeMs: number): Promise<boolean> {
    return served(this.#store.spend(hashOf(text), lifeMs));
  }

  /** Ends all sessions of an agent. */
  endAll(agent: Id): Promise<void> {
    return served(this.#store.removeAll(agent));
  }
}
