import { AssertionError } from 'node:assert/strict';
import type { Command } from '#engine/domain/commands.ts';
import type { Answer } from '#engine/domain/decision.ts';
import { ERRORS } from '#engine/domain/errors.ts';
import { type Id, KIND, type Kind, newId } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import type { FeedEntry } from '#engine/domain/records/feed.ts';
import { type RecordName, recipientName, type States } from '#engine/domain/records/names.ts';
import type { NotificationState } from '#engine/domain/records/notification.ts';
import { boxOf } from '#engine/domain/records/recipient.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

const PATIENCE_MS = 2_000;
const BOX_LIMIT = 1_000;
const UNKNOWN = new Set([429, 500, 503]);

/** The hub as a client's software uses it: whatever has no clear answer is asked again, of any API process. */
export class Desk {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  get now(): number {
    return this.#world.clockwork.now;
  }

  async ask(partition: number, command: Command): Promise<Answer> {
    for (;;) {
      const answer = await this.once(partition, command);
      if (answer !== undefined) return answer;
    }
  }

  /** undefined: no clear answer */
  async once(partition: number, command: Command): Promise<Answer | undefined> {
    const answer = await this.#try((process) => process.ask(partition, command));
    if (answer !== undefined && !UNKNOWN.has(answer.status)) return answer;
    this.#world.count('unknown');
    await this.#world.crew.sleep(this.#world.chance.below(PATIENCE_MS));
    return undefined;
  }

  /** @throws Error for any other answer */
  async must(partition: number, command: Command, ...statuses: number[]): Promise<Answer> {
    const answer = await this.ask(partition, command);
    if (statuses.includes(answer.status)) return answer;
    throw new Error(
      `${command.kind} was answered ${answer.status} ${JSON.stringify(answer.body)}: ${JSON.stringify(command)}`,
    );
  }

  async read<N extends RecordName>(partition: number, name: N): Promise<States[N] | undefined> {
    for (;;) {
      const states = await this.#try((process) => process.read(partition, [name]));
      if (states !== undefined) return states[0];
      await this.#world.crew.sleep(PATIENCE_MS);
    }
  }

  /** GET notifications of one démarche. */
  async notifications(org: OrgKey, process: string): Promise<NotificationState[]> {
    const home = partitionOf(org);
    const recipient = await this.read(home, recipientName(org));
    const box = recipient && boxOf(recipient, process);
    if (box === undefined) return [];
    for (;;) {
      const entries = await this.#try((api) => api.box(home, org, process, box, BOX_LIMIT));
      if (entries !== undefined) return entries.map(({ notification }) => notification);
      await this.#world.crew.sleep(PATIENCE_MS);
    }
  }

  /** GET feed: entries after a position. */
  async feed(org: OrgKey, after: number, limit: number): Promise<FeedEntry[]> {
    for (;;) {
      const entries = await this.#try((api) => api.feed(org, after, limit));
      if (entries !== undefined) return entries;
      await this.#world.crew.sleep(PATIENCE_MS);
    }
  }

  id(kind: Kind, home: number, folderHome = home, index = 0): Id {
    return newId(kind, home, Math.floor(this.now), folderHome, index, (into, offset, bytes) =>
      this.#world.chance.fill(into, offset, bytes),
    );
  }

  event(home: number): Id {
    return this.id(KIND.event, home);
  }

  /** undefined: no answer, or none that says what became of it */
  #try<T>(act: (process: Process) => Promise<T>): Promise<T | undefined> {
    return this.#world.crew.wish(act).catch((error: unknown) => {
      if (error instanceof AssertionError) throw error;
      return undefined;
    });
  }
}

export const saysNoCase = ({ status, body }: Answer): boolean =>
  status === 404 && (body as { message?: string } | undefined)?.message === ERRORS.caseUnknown[1];
