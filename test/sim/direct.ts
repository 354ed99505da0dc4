import assert from 'node:assert/strict';
import type { ReplyTo } from '#engine/domain/message.ts';

interface Taken {
  partition: number;
  /** its owner lost the partition while it waited */
  fenced: boolean;
  /** it goes by the mailbox, or was decided and committed */
  moved: boolean;
}

/**
 * Requests that an owner of the same process took straight: when it turns out that the partition is another's, they go
 * by the mailbox, and do not wait in vain.
 */
export class Direct {
  readonly #waiting = new Map<string, Taken>();

  taken(api: string, number: number, partition: number): void {
    this.#waiting.set(`${api} ${number}`, { partition, fenced: false, moved: false });
  }

  /**
   * Its owner decided it, and it may still wait for deliveries; or gave it to the mailbox: how soon it leaves is the matter
   * of its process, whose calls before it may take as long as it has (seed 1251).
   */
  moved({ api, ask }: ReplyTo): void {
    const taken = this.#waiting.get(`${api} ${ask}`);
    if (taken) taken.moved = true;
  }

  fenced(api: string, partition: number): void {
    for (const [name, taken] of this.#waiting)
      if (taken.partition === partition && name.startsWith(`${api} `)) taken.fenced = true;
  }

  /** It has an outcome. @throws AssertionError */
  over(api: string, number: number, busy: boolean): void {
    const name = `${api} ${number}`;
    const taken = this.#waiting.get(name);
    this.#waiting.delete(name);
    assert.ok(
      !busy || !taken?.fenced || taken.moved,
      `request ${name} was left waiting by an owner that had lost its partition`,
    );
  }
}
