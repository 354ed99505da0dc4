import type { Link } from './link.ts';
import type { Process } from './process.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const pick = <T>(random: Random, list: readonly T[]): T | undefined =>
  list.length === 0 ? undefined : random.pick(list);

/** Faults between processes and Redis. Each says what it did, or undefined when there was nothing to do it to. */
export class Lines {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  get #alive(): Process[] {
    return this.#world.processes.filter(({ alive }) => alive);
  }

  get #sending(): Link[] {
    return this.#alive.flatMap(({ links }) => links.filter(({ sent }) => sent.length > 0));
  }

  /** Executed, and the answer is lost. */
  async lose(random: Random): Promise<string | undefined> {
    const link = pick(random, this.#sending);
    const operation = link?.sent.shift();
    if (!link || !operation) return undefined;
    await this.#world.execute(`${link.owner.name} ${link.name}`, [operation]);
    operation.reply = new Error('Connection is closed.');
    link.replies.push(operation);
    return `${link.owner.name} ${link.name} ${operation.method}`;
  }

  /** Never executed. */
  drop(random: Random): string | undefined {
    const link = pick(random, this.#sending);
    const operation = link?.sent.shift();
    if (!link || !operation) return undefined;
    operation.reply = new Error('Connection is closed.');
    link.replies.push(operation);
    return `${link.owner.name} ${link.name} ${operation.method}`;
  }

  /** Given up by its caller, and executed later. */
  late(random: Random): string | undefined {
    const link = pick(random, this.#sending);
    const operation = link?.sent.shift();
    if (!link || !operation) return undefined;
    this.#world.orphan(operation);
    link.replies.push({ ...operation, reply: new Error('Command timed out') });
    return `${link.owner.name} ${link.name} ${operation.method}`;
  }

  /** The connection breaks: of what was sent, the first part is still executed; no answer comes any more. */
  cut(random: Random): string | undefined {
    const link = pick(random, this.#sending);
    if (!link) return undefined;
    const [kept, all] = this.break(link, random);
    return `${link.owner.name} ${link.name} ${kept} of ${all}`;
  }

  break(link: Link, random: Random): [kept: number, all: number] {
    const kept = random.below(link.sent.length + 1);
    const all = [...link.replies, ...link.sent];
    for (const operation of link.sent.slice(0, kept)) this.#world.orphan(operation);
    link.sent = [];
    link.replies = all.map((operation) => ({ ...operation, reply: new Error('Connection is closed.') }));
    return [kept, all.length];
  }

  unheard(random: Random): string | undefined {
    const process = pick(
      random,
      this.#alive.filter(({ inbox }) => inbox.length > 0),
    );
    const lost = process?.inbox.splice(random.below(process.inbox.length), 1)[0];
    return lost && `${process?.name} ${lost.channel}`;
  }
}
