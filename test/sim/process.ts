import { Acceptor } from '#engine/client/accept.ts';
import { Asks } from '#engine/client/ask.ts';
import { type BoxEntry, readBox } from '#engine/client/boxes.ts';
import { DeadLetters } from '#engine/client/dead.ts';
import { Feeds } from '#engine/client/feed.ts';
import { Node, type NodeWatch } from '#engine/cluster/node.ts';
import type { Behaviour } from '#engine/domain/behaviour.ts';
import type { Command } from '#engine/domain/commands.ts';
import type { Answer, Job } from '#engine/domain/decision.ts';
import type { Arrived } from '#engine/domain/envelope.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { ReplyTo } from '#engine/domain/message.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { decode } from '#engine/domain/records/codec.ts';
import type { FeedEntry } from '#engine/domain/records/feed.ts';
import type { RecordName, States } from '#engine/domain/records/names.ts';
import type { Supervision } from '#engine/domain/supervision.ts';
import type { CommitLog } from '#engine/journal/log.ts';
import { Local } from '#engine/local.ts';
import { Calls } from '#engine/redis/calls.ts';
import { partitionOfKey, recordKey } from '#engine/redis/keys.ts';
import { Reads } from '#engine/redis/reads.ts';
import type { Clockwork, Owner } from './clockwork.ts';
import { Link } from './link.ts';
import type { Published } from './server.ts';

export type Role = 'all' | 'api' | 'engine';

export interface Parts {
  clockwork: Clockwork;
  behaviour: Behaviour;
  backlog: number;
  /** a request is about to be given to an API process: it will wait under that number */
  asked(process: Process, partition: number, command: Command | Supervision, number: number, direct: boolean): void;
  /** … and was answered */
  answered(process: Process, number: number, answer: Answer): void;
  /** … or was not yet */
  busy(process: Process, number: number): void;
  /** told of what an engine says of itself */
  tell(process: Process, event: string): void;
  runJob(job: Job): Promise<void>;
  /** the journal it goes on with */
  disk(process: Process): CommitLog;
  /** a request goes by the mailbox */
  diverted(replyTo: ReplyTo): void;
}

const ASK_MS = 15_000;
const CELL_BYTES = 8 * 1024 * 1024;

/** An API's requests, and which of them go by the mailbox. */
class SeenAsks extends Asks {
  readonly #onDivert: Parts['diverted'];

  constructor(onDivert: Parts['diverted'], parts: ConstructorParameters<typeof Asks>) {
    super(...parts);
    this.#onDivert = onDivert;
  }

  override divert(partition: number, message: Arrived): void {
    if (message.replyTo) this.#onDivert(message.replyTo);
    super.divert(partition, message);
  }
}

/** An operating-system process of the hub: an engine, an API process, or both, with its connections and its clocks. */
export class Process implements Owner {
  readonly name: string;
  readonly role: Role;
  readonly member: string;
  /** name of its channel of answers; '' without an API */
  readonly api: string;
  readonly skew: Owner['skew'];
  alive = true;
  paused = false;
  /** told to end, in good order */
  leaving = false;
  readonly links: Link[] = [];
  /** publications on their way to it */
  inbox: Published[] = [];
  node: Node | undefined;
  asks: Asks | undefined;
  dead: DeadLetters | undefined;
  #reads: Reads | undefined;
  #local: Local | undefined;
  #asked = 0;
  readonly #parts: Parts;
  /** requests of clients under way here, to be cut when the process ends */
  readonly clients = new Set<(error: Error) => void>();

  constructor(name: string, role: Role, member: string, api: string, skew: Owner['skew'], parts: Parts) {
    this.name = name;
    this.role = role;
    this.member = member;
    this.api = api;
    this.skew = skew;
    this.#parts = parts;
  }

  /** Called inside the process. */
  start(): void {
    const local = this.role === 'all' ? new Local() : undefined;
    this.#local = local;
    if (this.role !== 'api') this.#startEngine(local);
    if (this.role !== 'engine') this.#startApi(local);
  }

  #link(name: string): Link {
    const link = new Link(this, name, this.#parts.clockwork);
    this.links.push(link);
    return link;
  }

  #startEngine(local: Local | undefined): void {
    const { behaviour, runJob } = this.#parts;
    const calls = new Calls(this.#link('engine').client, 2);
    const reads = new Reads(this.#link('engine-reads').client);
    const disk = this.#parts.disk(this);
    this.node = new Node(this.member, behaviour, calls, reads, runJob, CELL_BYTES, this.#watch(), {}, local, disk);
    void this.node.start();
  }

  #startApi(local: Local | undefined): void {
    const { backlog, behaviour } = this.#parts;
    this.#reads = new Reads(this.#link('api-reads').client, undefined, true);
    const acceptor = new Acceptor(new Calls(this.#link('api').client), backlog, () => undefined);
    const asks = new SeenAsks(this.#parts.diverted, [this.api, acceptor, ASK_MS, behaviour.actorOf, local]);
    local?.attach(this.api, (items) => asks.take(items));
    this.asks = asks;
    this.dead = new DeadLetters(this.#reads, (partition, command) => this.ask(partition, command));
  }

  #watch(): NodeWatch {
    const tell = (event: string): void => this.#parts.tell(this, event);
    return {
      committed: () => undefined,
      fault: (partition, kind, error) => tell(`fault ${partition} ${kind} ${(error as Error).message}`),
      laneError: (from, to, error) => tell(`lane ${from} ${to} ${error.message}`),
      taken: (partition, epoch) => tell(`taken ${partition} ${epoch}`),
      lost: (partition, error) => tell(`lost ${partition} ${(error as Error).message}`),
      dropped: (partition) => tell(`dropped ${partition}`),
      jobFailed: (partition, kind, tries) => tell(`job ${partition} ${kind} ${tries}`),
      mended: (partition, turns) => tell(`mended ${partition} ${turns}`),
      damaged: (partition, keys) => tell(`damaged ${partition} ${keys.join(' ')}`),
      repaired: (partition, elements) => tell(`repaired ${partition} ${elements}`),
      strange: (partition, figures) => tell(`strange ${partition} ${figures}`),
      commitsLost: (partition, turns, messages) => tell(`commits lost ${partition} ${turns} ${messages}`),
      trouble: (error) => tell(`trouble ${(error as Error).message}`),
    };
  }

  /** A publication comes in; called inside the process. */
  hear({ channel, payload }: Published): void {
    if (channel.endsWith('wake')) this.node?.wake(partitionOfKey(channel));
    else if (channel.endsWith('free')) this.node?.freed();
    else this.asks?.receive(payload);
  }

  listens(channel: string): boolean {
    if (channel.endsWith(':wake') || channel.endsWith(':free')) return this.node !== undefined;
    return this.api !== '' && channel.endsWith(`:re:${this.api}`);
  }

  ask(partition: number, command: Command | Supervision): Promise<Answer> {
    this.#asked += 1;
    const number = this.#asked;
    this.#parts.asked(this, partition, command, number, this.#local?.owner(partition) !== undefined);
    return this.serve(async () => {
      try {
        const answer = await (this.asks as Asks).ask(partition, command);
        this.#parts.answered(this, number, answer);
        return answer;
      } catch (error) {
        if (error instanceof DomainError) this.#parts.busy(this, number);
        throw error;
      }
    });
  }

  read<N extends RecordName>(partition: number, names: readonly N[]): Promise<(States[N] | undefined)[]> {
    return this.serve(async () => {
      const texts = await (this.#reads as Reads).all(names.map((name) => recordKey(partition, name)));
      return texts.map((text, index) => (text === null ? undefined : decode(names[index] as string, text))) as (
        | States[N]
        | undefined
      )[];
    });
  }

  box(partition: number, org: OrgKey, process: string, box: number, limit: number): Promise<BoxEntry[]> {
    const damaged = (name: string, error: Error): void => {
      throw new Error(`${name} is damaged`, { cause: error });
    };
    return this.serve(() =>
      readBox(this.#reads as Reads, damaged, { partition, recipient: org, process, box }, 0, limit),
    );
  }

  async feed(org: OrgKey, after: number, limit: number): Promise<FeedEntry[]> {
    const damaged = (name: string, error: Error): void => {
      throw new Error(`${name} is damaged`, { cause: error });
    };
    const feeds = new Feeds(this.#reads as Reads, damaged);
    return this.serve(async () => (await feeds.read(org, after, limit)).entries);
  }

  /** A client waits for it: when the process ends, its connection is cut. */
  serve<T>(act: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (error: Error): void => {
        this.clients.delete(end);
        reject(error);
      };
      this.clients.add(end);
      act().then(
        (value) => {
          if (this.clients.delete(end)) resolve(value);
        },
        (error: unknown) => end(error instanceof Error ? error : new DomainError('busy')),
      );
    });
  }
}
