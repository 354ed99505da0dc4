/** Failures are counted over this long, ms. */
const WINDOW_MS = 60_000;
/** Failures of one client from one address in a window that are answered as usual: a person who mistypes. */
const CLIENT_FAILURES = 10;
/** Different wrong secrets among them, before its credentials are not looked at for a while. */
const CLIENT_GUESSES = 10;
/** Failures of one address in a window that are answered as usual: an editor serves thousands of towns from one. */
const ADDRESS_FAILURES = 100;
/** Shortest and longest time asked to wait, s: it doubles from one to the other. */
const FIRST_WAIT_S = 1;
const LONGEST_WAIT_S = 60;
const MS_PER_S = 1000;
/** Addresses remembered, and clients of each; the oldest are forgotten first. About 300 bytes each: 20 MB at most. */
const ADDRESSES = 1024;
const CLIENTS = 64;
/** Characters of a client id that are remembered: longer ones than any we give share their count. */
const ID_LENGTH = 100;

interface Count {
  failures: number;
  /** ms: failures are forgotten then */
  until: number;
}

interface Client extends Count {
  /** tells wrong secrets apart: a few bits of the hash of each */
  guesses: string[];
  /** ms: not looked at before */
  barred: number;
  /** s of the last wait */
  wait: number;
}

interface Address extends Count {
  clients: Map<string, Client>;
}

/**
 * Failed token requests of this process, by address and client (decision 007). Software that repeats one wrong secret
 * is told to slow down, and hurts nobody: right credentials of the same client still pass. Only somebody who tries
 * many secrets is not looked at for a while, and only for that client, from that address. Successes never count.
 */
export class Throttle {
  readonly #addresses = new Map<string, Address>();

  /** Addresses and clients remembered. */
  get size(): number {
    let size = this.#addresses.size;
    for (const { clients } of this.#addresses.values()) size += clients.size;
    return size;
  }

  /** s to wait before the credentials of this client are looked at; 0: now. */
  barred(address: string, id: string, now: number): number {
    const barred = this.#addresses.get(address)?.clients.get(id.slice(0, ID_LENGTH))?.barred ?? 0;
    return barred > now ? seconds(barred - now) : 0;
  }

  /**
   * Notes a failure. `guess` tells wrong secrets apart without being one.
   * @returns s the client is asked to wait; 0: its answer is the usual one
   */
  failed(address: string, id: string, guess: string, now: number): number {
    const place = latest(this.#addresses, address, ADDRESSES, () => ({ failures: 0, until: 0, clients: new Map() }));
    const client = latest(place.clients, id.slice(0, ID_LENGTH), CLIENTS, nobody);
    if (place.until <= now) Object.assign(place, { failures: 0, until: now + WINDOW_MS });
    if (client.until <= now) Object.assign(client, nobody(), { until: now + WINDOW_MS });
    place.failures += 1;
    client.failures += 1;
    if (client.guesses.length < CLIENT_GUESSES && !client.guesses.includes(guess)) client.guesses.push(guess);
    if (client.failures >= CLIENT_FAILURES) return penalty(client, now);
    return place.failures > ADDRESS_FAILURES ? seconds(place.until - now) : 0;
  }

  /** Right credentials: what this client did wrong from there is forgotten. */
  succeeded(address: string, id: string): void {
    this.#addresses.get(address)?.clients.delete(id.slice(0, ID_LENGTH));
  }
}

const nobody = (): Client => ({ failures: 0, until: 0, guesses: [], barred: 0, wait: 0 });

const seconds = (ms: number): number => Math.max(FIRST_WAIT_S, Math.ceil(ms / MS_PER_S));

function penalty(client: Client, now: number): number {
  client.wait = Math.min(Math.max(client.wait * 2, FIRST_WAIT_S), LONGEST_WAIT_S);
  const end = now + client.wait * MS_PER_S;
  client.until = end + WINDOW_MS;
  if (client.guesses.length >= CLIENT_GUESSES) client.barred = end;
  return client.wait;
}

/** What is known of a key, moved to the end; the first, which failed longest ago, makes room for a new one. */
function latest<V>(known: Map<string, V>, key: string, most: number, fresh: () => V): V {
  const value = known.get(key) ?? fresh();
  known.delete(key);
  if (known.size >= most) known.delete(known.keys().next().value as string);
  known.set(key, value);
  return value;
}
