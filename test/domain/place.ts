import type { Message } from '#engine/domain/message.ts';

/** What waits in a partition's mailbox. */
export interface Entry {
  message: Message;
  delivered: boolean;
}

/** What one partition keeps, in memory. */
export class Kept {
  readonly records = new Map<string, string>();
  readonly sets = new Map<string, Map<string, number>>();
  readonly lists = new Map<string, string[]>();
  readonly timers = new Map<string, { due: number; message: Message }>();

  /** A whole week of idempotency keys. */
  forget(week: string): void {
    for (const name of this.records.keys()) if (name.startsWith(week)) this.records.delete(name);
  }

  set(name: string): Map<string, number> {
    const known = this.sets.get(name);
    if (known) return known;
    const made = new Map<string, number>();
    this.sets.set(name, made);
    return made;
  }

  list(name: string): string[] {
    const known = this.lists.get(name);
    if (known) return known;
    const made: string[] = [];
    this.lists.set(name, made);
    return made;
  }
}

/** One partition in memory. */
export class Place extends Kept {
  readonly inbox: Entry[] = [];
}
