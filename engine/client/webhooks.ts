import { plan } from '../cluster/plan.ts';
import type { Id } from '../domain/ids.ts';
import type { OrgKey } from '../domain/organization.ts';
import { ALL_PARTITIONS, PARTITIONS } from '../domain/placement.ts';
import { decode } from '../domain/records/codec.ts';
import { type ConsumersState, cursorOf } from '../domain/records/feed.ts';
import { consumersName, WEBHOOKS, webhookName } from '../domain/records/names.ts';
import { CorruptRecord } from '../domain/records/seal.ts';
import {
  type WebhookPlace,
  type WebhookState,
  type WebhooksState,
  webhookConsumer,
} from '../domain/records/webhook.ts';
import type { Calls } from '../redis/calls.ts';
import { CONTROL, recordKey } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import type { OnDamage } from './boxes.ts';

const ALL: readonly number[] = Array.from({ length: PARTITIONS }, (_, partition) => partition);

/** Webhooks as the masters hold them, and who among the processes should deliver to which. */
export class Webhooks {
  readonly #reads: Reads;
  readonly #calls: Calls;
  readonly #onDamage: OnDamage;

  constructor(reads: Reads, calls: Calls, onDamage: OnDamage) {
    this.#reads = reads;
    this.#calls = calls;
    this.#onDamage = onDamage;
  }

  /**
   * Says that this process takes part in delivering, until it is silent for `silenceMs`.
   * @returns the partitions it should deliver for, as of who else takes part now
   */
  async beat(courier: string, silenceMs: number): Promise<number[]> {
    const members = (await this.#calls.call('beat', [CONTROL.couriers], [courier, silenceMs])) as string[];
    const planned = plan(members, ALL_PARTITIONS);
    return ALL.filter((partition) => planned.get(partition) === courier);
  }

  /** The others share its partitions without waiting for its silence. */
  async leave(courier: string): Promise<void> {
    await this.#calls.call('leave', [CONTROL.couriers], [courier]);
  }

  /** Webhooks of these partitions; one command outside a cluster. */
  async places(partitions: readonly number[]): Promise<Map<number, WebhookPlace[]>> {
    const texts = await Promise.all(partitions.map((partition) => this.#reads.get(recordKey(partition, WEBHOOKS))));
    const found = new Map<number, WebhookPlace[]>();
    for (const [index, text] of texts.entries()) {
      const state = text === null ? undefined : this.#decode<WebhooksState>(WEBHOOKS, text);
      if (state !== undefined) found.set(partitions[index] as number, state.webhooks);
    }
    return found;
  }

  /** Of one organisation, oldest first. */
  async of(partition: number, org: OrgKey): Promise<WebhookState[]> {
    const places = (await this.places([partition])).get(partition) ?? [];
    const names = places.filter((place) => place.org === org).map(({ id }) => webhookName(id));
    const texts = await this.#reads.all(names.map((name) => recordKey(partition, name)));
    return texts.flatMap((text, index) => {
      const state = text === null ? undefined : this.#decode<WebhookState>(names[index] as string, text);
      return state === undefined ? [] : [state];
    });
  }

  /** @returns undefined when there is none; with `cursor` null when its reader was forgotten */
  async find(
    partition: number,
    id: Id,
    org: OrgKey,
  ): Promise<{ webhook: WebhookState; cursor: number | null } | undefined> {
    const names = [webhookName(id), consumersName(org)];
    const [text, readers] = await this.#reads.all(names.map((name) => recordKey(partition, name)));
    const webhook = text == null ? undefined : this.#decode<WebhookState>(webhookName(id), text);
    if (webhook === undefined) return undefined;
    const state = readers == null ? undefined : (decode(consumersName(org), readers) as ConsumersState);
    return { webhook, cursor: cursorOf(state, webhookConsumer(id))?.acknowledged ?? null };
  }

  #decode<T>(name: string, text: string): T | undefined {
    try {
      return decode(name, text) as T;
    } catch (error) {
      if (!(error instanceof CorruptRecord)) throw error;
      this.#onDamage(name, error);
      return undefined;
    }
  }
}
