import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Command } from '../domain/commands.ts';
import { actorOf } from '../domain/deciders/index.ts';
import type { Answer } from '../domain/decision.ts';
import type { Id } from '../domain/ids.ts';
import type { OrgKey } from '../domain/organization.ts';
import { ALL_PARTITIONS } from '../domain/placement.ts';
import { decode } from '../domain/records/codec.ts';
import type { RecordName, States } from '../domain/records/names.ts';
import type { CorruptRecord } from '../domain/records/seal.ts';
import type { Local } from '../local.ts';
import { Build } from '../redis/builds.ts';
import { Calls } from '../redis/calls.ts';
import { Channels } from '../redis/channels.ts';
import { type Client, connect, disconnect, loadFunctions, reach } from '../redis/connect.ts';
import { describe, guard } from '../redis/guard.ts';
import { Servers } from '../redis/health.ts';
import { recordKey, replyChannel } from '../redis/keys.ts';
import { unowned } from '../redis/leases.ts';
import { PresenceStore } from '../redis/presence.ts';
import { Reads } from '../redis/reads.ts';
import { SessionStore } from '../redis/sessions.ts';
import { ViewStore } from '../redis/views.ts';
import { Acceptor } from './accept.ts';
import { Asks } from './ask.ts';
import { type BoxEntry, type BoxPlace, readBox, readCases } from './boxes.ts';
import { Claims } from './claims.ts';
import { HubClock } from './clock.ts';
import { DeadLetters } from './dead.ts';
import { Feeds } from './feed.ts';
import { type HeldBox, readHeld } from './held.ts';
import { Holders } from './holders.ts';
import { type Inbox, Inboxes } from './inbox.ts';
import { News } from './news.ts';
import { Presence } from './presence.ts';
import { Pulls } from './pulls.ts';
import { Readiness } from './readiness.ts';
import { redisSource } from './redis-source.ts';
import { type Referential, ReferentialCopy } from './referential.ts';
import { served } from './served.ts';
import { Sessions } from './sessions.ts';
import { Standings } from './standing.ts';
import { Views } from './views.ts';
import { Watchlist } from './watchlist.ts';
import { Webhooks } from './webhooks.ts';

/** What an API process does with the engine: asks actors, and reads what they committed. */
export interface Hub {
  /**
   * Sends a command to a partition's mailbox and waits for its committed answer and the deliveries it names.
   * Refusals come as status ≥ 400 with body `{message}`.
   * @throws DomainError `busy` (503) or `tooMany` (429)
   */
  ask(partition: number, command: Command): Promise<Answer>;
  /** Records straight from the masters; undefined where there is none. */
  read<N extends RecordName>(partition: number, names: readonly N[]): Promise<(States[N] | undefined)[]>;
  /** A page of a box, oldest first: sequences above `after`, at most `limit`. */
  box(place: BoxPlace, after: number, limit: number): Promise<BoxEntry[]>;
  /** The box of one démarche with its first page, at most `limit`; undefined when there is none. */
  inbox(partition: number, recipient: OrgKey, process: string, limit: number): Promise<Inbox | undefined>;
  /** Case ids of a box that bear a mark (CASE_MARK). */
  cases(partition: number, box: number, mark: number, offset: number, limit: number): Promise<Id[]>;
  /** Organisations for which cases are held, by démarche, those that wait longest first. */
  held(limit: number): Promise<HeldBox[]>;
  /** Tells the log of a record that a list had to leave out. */
  damaged(error: CorruptRecord): void;
  /** Hub time, ms: this process's clock corrected by Redis'. */
  now(): number;
  feeds: Feeds;
  news: News;
  holders: Holders;
  webhooks: Webhooks;
  referential: Referential;
  dead: DeadLetters;
  claims: Claims;
  watchlist: Watchlist;
  /** of the agents who are signed in */
  sessions: Sessions;
  /** filters they gave a name */
  views: Views;
  /** which of them look at a case */
  presence: Presence;
  /** Reasons why a request would not succeed now; empty: none. */
  ready(): Promise<string[]>;
  /** Not ready any more; all else goes on. */
  leave(): void;
  /** of Redis */
  servers: Pick<Servers, 'look'>;
  /** when organisations came last */
  pulls: Pick<Pulls, 'note' | 'all'>;
  /** how far they are with what they were told */
  standings: Standings;
  /** Partitions that no process holds. */
  unowned(): Promise<number>;
  asksInFlight(): number;
}

const API_ID_BYTES = 6;
/** Reads under way at once: what comes meanwhile shares the next one, the more the busier Redis is. */
const READS_IN_FLIGHT = 1;

type Settings = Pick<Config, 'redisUrl' | 'durability' | 'backlogLimit' | 'askMs' | 'masterKey'>;

/** @throws what Redis says, UnreachableRedis, UnfitFormat: then nothing of it is left open */
export async function openHub(
  config: Settings,
  onError: (error: Error) => void,
  local?: Local,
  onTrip?: (ms: number) => void,
): Promise<Hub & { close(): Promise<void> }> {
  const main = connect(config.redisUrl, onError);
  const reading = connect(config.redisUrl, onError);
  try {
    return await opened(config, main, reading, onError, local, onTrip);
  } catch (error) {
    // Connections that nobody will use would keep a command alive that has said why it cannot work.
    for (const client of [main, reading]) client.disconnect();
    throw error;
  }
}

async function opened(
  config: Settings,
  main: Client,
  reading: Client,
  onError: (error: Error) => void,
  local: Local | undefined,
  onTrip: ((ms: number) => void) | undefined,
): Promise<Hub & { close(): Promise<void> }> {
  await guard(main, config.durability);
  await describe(main, config.masterKey);
  await loadFunctions(main);
  await reach(reading);
  const calls = new Calls(main, 1, config.durability.replicas, onTrip);
  const build = new Build(calls, 'api');
  await build.join();

  const clock = await HubClock.open(main);
  const reads = new Reads(reading, READS_IN_FLIGHT, true);
  const acceptor = new Acceptor(calls, config.backlogLimit, (redisMs) => clock.set(redisMs));
  const api = randomBytes(API_ID_BYTES).toString('base64url');
  const asks = new Asks(api, acceptor, config.askMs, actorOf, local);
  local?.attach(api, (items) => asks.take(items));
  const names = Array.from({ length: ALL_PARTITIONS }, (_, partition) => [replyChannel(partition, api)]);
  const channels = await Channels.open(connect(config.redisUrl, onError), names, {
    message: (_channel, payload) => asks.receive(payload),
    // What was asked in between may have been answered to nobody; an engine of this process answers without the channel.
    gap: () => {
      if (local === undefined) asks.interrupt();
    },
  });

  const onDamage = (name: string, error: unknown): void =>
    onError(new Error(`record ${name} cannot be read`, { cause: error }));
  const referential = new ReferentialCopy(redisSource(reads), { onCorrupt: onDamage });
  await referential.open();
  const inboxes = new Inboxes(reads, onDamage);
  const holders = new Holders(api, calls);
  const news = new News((groups, listener) => Channels.open(connect(config.redisUrl, onError), groups, listener));
  const pulls = new Pulls(reading, () => clock.now());
  const readiness = new Readiness(reads, asks, () => channels.whole, config.backlogLimit);
  return {
    ask: (partition, command) => asks.ask(partition, command),
    async read(partition, names) {
      const texts = await served(reads.all(names.map((name) => recordKey(partition, name))));
      return texts.map((text, index) => (text === null ? undefined : decode(names[index] as string, text))) as never;
    },
    box: (place, after, limit) => served(readBox(reads, onDamage, place, after, limit)),
    inbox: (partition, recipient, process, limit) => served(inboxes.oldest(partition, recipient, process, limit)),
    cases: (partition, box, mark, from, limit) => served(readCases(reads, partition, box, mark, from, limit)),
    held: (limit) => served(readHeld(reads, onDamage, limit)),
    damaged: (error) => onDamage(error.record, error),
    now: () => clock.now(),
    feeds: new Feeds(reads, onDamage),
    news,
    holders,
    webhooks: new Webhooks(reads, calls, onDamage),
    referential,
    dead: new DeadLetters(reads, (partition, command) => asks.ask(partition, command)),
    claims: new Claims(reads, (partition, command) => asks.ask(partition, command)),
    watchlist: new Watchlist(reads),
    presence: new Presence(new PresenceStore(reading), () => clock.now()),
    sessions: new Sessions(new SessionStore(reading), () => clock.now()),
    views: new Views(new ViewStore(reading)),
    ready: () => readiness.reasons(),
    leave: () => readiness.leave(),
    servers: new Servers(reading),
    pulls,
    standings: new Standings(reads, onDamage),
    unowned: () => unowned(reading),
    asksInFlight: () => asks.inFlight,
    async close() {
      await Promise.all([holders.end(), pulls.close()]);
      await build.leave();
      local?.detach(api);
      asks.close();
      clock.close();
      await Promise.all([channels.close(), news.close(), ...[main, reading].map(disconnect)]);
    },
  };
}
