import type { Behaviour } from '#engine/domain/behaviour.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import type { Job } from '#engine/domain/decision.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { Book } from './book.ts';
import { Checker } from './checker.ts';
import { Clockwork, install, type Owner } from './clockwork.ts';
import { Crew } from './crew.ts';
import { Desk } from './desk.ts';
import { Disk } from './disk.ts';
import { Failover } from './failover.ts';
import { Journal } from './journal.ts';
import type { Link, Operation } from './link.ts';
import { type Parts, Process, type Role } from './process.ts';
import { Random } from './random.ts';
import { API_NAMES, type SimServer } from './server.ts';
import { Trace } from './trace.ts';
import type { Reply } from './wire.ts';

/** Streams of chance: a draw of one purpose shifts none of another. */
const STREAM = { schedule: 0, faults: 1, product: 2, clients: 3 } as const;
const START = Date.UTC(2026, 3, 15, 10);
const FENCED = /^lost (\d+) FENCED/;
const FEW = 40;
const MANY = 50_000;
/** Engines' clocks may differ as much from Redis', ms. */
const SKEW = 30_000;

/** All of one simulation: the server, the processes, the clients, time. What happens next is the scheduler's choice. */
export class World {
  readonly server: SimServer;
  readonly random: Random;
  readonly faults: Random;
  readonly chance: Random;
  readonly clockwork: Clockwork;
  readonly trace: Trace;
  readonly crew: Crew;
  readonly desk: Desk;
  readonly book: Book;
  readonly failover: Failover;
  readonly journal = new Journal();
  readonly checker: Checker;
  readonly processes: Process[] = [];
  readonly disks: Disk[] = [];
  /** given up by their callers, still before the server */
  readonly orphans: Operation[] = [];
  /** things to come: processes to continue, to start again */
  readonly agenda: { due: number; act: () => void | Promise<void> }[] = [];
  /** a process would have ended by itself */
  unhandled: Error | undefined;
  /** what Redis' clock shows above the simulated time, ms */
  redisSkew = 0;
  /** Redis is over its memory limit, or cannot be reached */
  full = false;
  away = false;
  readonly counts = new Map<string, number>();
  readonly events = new Map<string, number>();
  readonly #backlog: number;
  #born = 0;
  #apis = 0;

  constructor(server: SimServer, seed: number, print = false) {
    this.server = server;
    this.random = new Random(seed, STREAM.schedule);
    this.faults = new Random(seed, STREAM.faults);
    this.chance = new Random(seed, STREAM.clients);
    this.clockwork = new Clockwork(START, new Random(seed, STREAM.product));
    install(this.clockwork);
    this.trace = new Trace(() => this.clockwork.now - START, print);
    this.crew = new Crew(this.clockwork);
    this.desk = new Desk(this);
    this.checker = new Checker(this.journal);
    this.failover = new Failover(this);
    this.book = new Book(this.checker.supervised);
    this.#backlog = this.random.chance(0.2) ? FEW : MANY;
  }

  count(name: string, by = 1): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  /** Names that are left for API processes: each process has its own channel. */
  get apisLeft(): number {
    return API_NAMES.length - this.#apis;
  }

  async spawn(role: Role, member?: string): Promise<Process> {
    const { random } = this;
    this.#born += 1;
    const skew: Owner['skew'] = {
      monotonic: random.below(1_000_000),
      wall: random.chance(0.5) ? 0 : random.below(2 * SKEW) - SKEW,
    };
    const api = role === 'engine' ? '' : (API_NAMES[this.#apis++] as string);
    const process = new Process(`p${this.#born}`, role, member ?? `m${this.#born}`, api, skew, this.#parts());
    this.processes.push(process);
    this.trace.note(`start ${process.name} ${role} ${process.member}`);
    await this.clockwork.enter(process, () => process.start());
    return process;
  }

  #parts(): Parts {
    const behaviour: Behaviour = this.journal;
    return {
      clockwork: this.clockwork,
      behaviour,
      backlog: this.#backlog,
      tell: (process, event) => {
        this.trace.note(`${process.name}: ${event}`);
        const kind = event.split(' ')[0] as string;
        this.events.set(kind, (this.events.get(kind) ?? 0) + 1);
        if (event.startsWith('commits lost')) this.checker.told += Number(event.split(' ').at(-1));
        const fenced = FENCED.exec(event);
        if (fenced) this.checker.direct.fenced(process.api, Number(fenced[1]));
      },
      disk: (process) => this.#disk(process),
      runJob: (job) => this.#runJob(job),
      diverted: (replyTo) => this.checker.direct.moved(replyTo),
      asked: (process, partition, command, number, direct) => {
        if (direct) this.checker.direct.taken(process.api, number, partition);
        this.trace.note(`${process.name} asks ${partition} ${command.kind} (${number})`);
        this.checker.asked(process.api, number, partition, command);
      },
      answered: (process, number, answer) => {
        this.trace.note(`${process.name} answers (${number}) ${answer.status}`);
        this.count(answer.status < 400 ? 'answers' : 'refusals');
        this.checker.direct.over(process.api, number, false);
        this.checker.answered(process.api, number, answer);
      },
      busy: (process, number) => this.checker.direct.over(process.api, number, true),
    };
  }

  /** The first journal that no living process uses. */
  #disk(process: Process): Disk {
    const free = this.disks.find(({ owner }) => !owner.alive);
    if (free) {
      free.inherit(process);
      return free;
    }
    const made = new Disk(process, this.disks, (lines) => this.checker.written(lines));
    this.disks.push(made);
    return made;
  }

  #runJob(job: Job): Promise<void> {
    this.count('jobs');
    this.checker.jobs.push(job);
    if (this.faults.chance(0.1)) return Promise.reject(new Error('mail server away'));
    return Promise.resolve();
  }

  /** The process is gone at once; of what it had sent, Redis may still execute the first part. */
  end(process: Process): void {
    process.alive = false;
    process.paused = false;
    process.inbox = [];
    for (const link of process.links) {
      const kept = this.faults.below(link.sent.length + 1);
      for (const operation of link.sent.slice(0, kept)) this.orphan(operation);
      link.sent = [];
      link.replies = [];
    }
    // Its last group may have come to the disk, or not; nobody was told.
    for (const disk of this.disks) if (disk.owner === process && disk.busy && this.faults.chance(0.5)) disk.flush();
    // The clients' own code goes on, outside.
    for (const cut of [...process.clients]) cut(new Error(`${process.name} is gone`));
  }

  /** Ends it in good order. */
  async stop(process: Process): Promise<void> {
    process.leaving = true;
    await this.clockwork.enter(process, () => {
      const stopped = process.node?.stop() ?? Promise.resolve();
      void stopped.then(() => this.end(process));
    });
  }

  /** An administrator moves the cases of an organisation, and asks until it is done. */
  migrate(command: CommandOf<'mailbox.migrate'>): void {
    this.book.migrated.add(command.source).add(command.target);
    this.crew.run(async () => {
      await this.desk.ask(partitionOf(command.source), command);
    });
  }

  orphan(operation: Operation): void {
    operation.late = true;
    this.orphans.push(operation);
  }

  /** Redis executes some commands of a connection, one after the other, at one moment. */
  async execute(name: string, operations: readonly Operation[]): Promise<void> {
    const now = Math.floor(this.clockwork.now + this.redisSkew);
    const commands = operations.map(({ method, args }) =>
      // Whoever loads the functions again loads those of the simulation.
      method === 'function' && args[0] === 'LOAD'
        ? ['FUNCTION', 'LOAD', 'REPLACE', this.server.source]
        : [method, ...args],
    );
    if (this.away) {
      for (const operation of operations) operation.reply = new Error('Connection is closed.');
      return;
    }
    const limit = (bytes: number): string[][] => (this.full ? [['CONFIG', 'SET', 'maxmemory', String(bytes)]] : []);
    const before = [['SET', '{sim}:now', now], ...limit(1)];
    const replies = (await this.server.execute([...before, ...commands, ...limit(0)])).slice(before.length);
    for (const [index, operation] of operations.entries()) {
      const reply = replies[index] as Reply;
      operation.reply = reply;
      operation.executed = true;
      this.count('redis');
      const first = operation.method === 'fcall' ? String(operation.args[0]) : operation.method;
      const failed = reply instanceof Error ? ` ${reply.message}` : '';
      this.trace.note(
        `${name} ${first}${failed}`,
        `${operation.args.join(' ')} → ${failed === '' ? JSON.stringify(reply) : failed}`,
      );
      if (operation.method !== 'fcall') continue;
      this.checker.executed(operation.args, reply, (line) => this.trace.note(line));
    }
    for (const published of this.server.published())
      for (const process of this.processes)
        if (process.alive && process.listens(published.channel)) process.inbox.push(published);
  }

  /** Gives the process the replies of a connection that have come. */
  async reply(link: Link): Promise<void> {
    const due = link.replies;
    link.replies = [];
    await this.clockwork.enter(link.owner, () => {
      for (const operation of due) operation.settle(operation.reply as Reply);
    });
  }

  close(): void {
    for (const process of this.processes) process.alive = false;
  }
}
