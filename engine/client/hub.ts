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
import type { Local } from '../local.ts';
import { Calls } from '../redis/calls.ts';
import { connect, disconnect, loadFunctions } from '../redis/connect.ts';
import { describe, guard } from '../redis/guard.ts';
import { recordKey, replyChannel } from '../redis/keys.ts';
import { Reads } from '../redis/reads.ts';
import { Acceptor } from './accept.ts';
import { Asks } from './ask.ts';
import { type BoxEntry, type BoxPlace, readBox, readCases } from './boxes.ts';
import { HubClock } from './clock.ts';
import { DeadLetters } from './dead.ts';
import { Feeds } from './feed.ts';
import { type HeldBox, readHeld } from './held.ts';
import { type Inbox, Inboxes } from './inbox.ts';
import { NEWS, News } from './news.ts';
import { Readiness } from './readiness.ts';
import { redisSource } from './redis-source.ts';
import { type Referential, ReferentialCopy } from './referential.ts';

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
  /** Hub time, ms: this process's clock corrected by Redis'. */
  now(): number;
  feeds: Feeds;
  news: News;
  referential: Referential;
  dead: DeadLetters;
  /** Reasons why a request would not succeed now; empty: none. */
  ready(): Promise<string[]>;
  asksInFlight(): number;
}

const API_ID_BYTES = 6;
/** Reads under way at once: what comes meanwhile shares the next one, the more the busier Redis is. */
const READS_IN_FLIGHT = 1;

export async function openHub(
  config: Pick<Config, 'redisUrl' | 'backlogLimit' | 'askMs' | 'masterKey'>,
  onError: (error: Error) => void,
  local?: Local,
): Promise<Hub & { close(): Promise<void> }> {
  const main = connect(config.redisUrl, onError);
  const reading = connect(config.redisUrl, onError);
  const subscriber = connect(config.redisUrl, onError);
  await guard(main);
  await describe(main, config.masterKey);
  await loadFunctions(main);

  const clock = await HubClock.open(main);
  const calls = new Calls(main);
  const reads = new Reads(reading, READS_IN_FLIGHT);
  const acceptor = new Acceptor(calls, config.backlogLimit, (redisMs) => clock.set(redisMs));
  const api = randomBytes(API_ID_BYTES).toString('base64url');
  const asks = new Asks(api, acceptor, config.askMs, actorOf, local);
  local?.attach(api, (items) => asks.take(items));
  // An engine of this process answers without the channel.
  if (local === undefined) subscriber.on('close', () => asks.interrupt());
  const news = new News(subscriber);
  subscriber.on('smessage', (channel: string, payload: string) => {
    if (channel.endsWith(NEWS)) news.receive(payload);
    else asks.receive(payload);
  });
  subscriber.on('ready', () => news.wakeAll());
  const channels = Array.from({ length: ALL_PARTITIONS }, (_, partition) => replyChannel(partition, api));
  await Promise.all(channels.map((channel) => subscriber.ssubscribe(channel)));

  const onDamage = (name: string, error: unknown): void =>
    onError(new Error(`record ${name} cannot be read`, { cause: error }));
  const referential = new ReferentialCopy(redisSource(reads), { onCorrupt: onDamage });
  await referential.open();
  const inboxes = new Inboxes(reads, onDamage);
  const readiness = new Readiness(reads, asks, () => subscriber.status === 'ready');
  return {
    ask: (partition, command) => asks.ask(partition, command),
    async read(partition, names) {
      const texts = await reads.all(names.map((name) => recordKey(partition, name)));
      return texts.map((text, index) => (text === null ? undefined : decode(names[index] as string, text))) as never;
    },
    box: (place, after, limit) => readBox(reads, onDamage, place, after, limit),
    inbox: (partition, recipient, process, limit) => inboxes.oldest(partition, recipient, process, limit),
    cases: (partition, box, mark, from, limit) => readCases(reads, partition, box, mark, from, limit),
    held: (limit) => readHeld(reads, limit),
    now: () => clock.now(),
    feeds: new Feeds(reads, onDamage),
    news,
    referential,
    dead: new DeadLetters(reads, (partition, command) => asks.ask(partition, command)),
    ready: () => readiness.reasons(),
    asksInFlight: () => asks.inFlight,
    async close() {
      local?.detach(api);
      asks.close();
      clock.close();
      await Promise.all([main, reading, subscriber].map(disconnect));
    },
  };
}
