import type { Holding } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf, REFERENTIAL } from '#engine/domain/placement.ts';
import { doorWord, isOpen } from '#engine/domain/records/door.ts';
import { caseName, heldSet, recipientName } from '#engine/domain/records/names.ts';
import { boxOf } from '#engine/domain/records/recipient.ts';
import { admin, type Deposit, PROCESS, patchFolder, TOWN, uploaded } from './samples.ts';
import type { Ask, World } from './world.ts';

/** The referential's and the native API's part in held cases, on the domain's world. */
export const HOLD_MS = 10 * 86_400_000;
export const CLOSED = doorWord(false, 0);

export const holding = (doors: number[], terms: Partial<Holding['terms']> = {}): Holding => ({
  terms: { ms: HOLD_MS, fallback: null, owner: null, ...terms },
  doors,
});

export interface HeldOptions {
  recipients: OrgKey[];
  /** what the API read of each recipient; absent: no active subscription, ever */
  doors?: number[];
  terms?: Partial<Holding['terms']>;
  mails?: (string | null)[];
}

/** A folder ready to be completed, with the message that completes it as a native deposit does. */
export function native(world: World, options: HeldOptions): Deposit & { complete: CommandOf<'folder.patch'> } {
  const { recipients, doors = recipients.map(() => CLOSED), terms = {}, mails = [] } = options;
  const deposit = uploaded(world, { recipients });
  const complete = patchFolder(deposit, 'HUBEE_COMPLETED', { mails, hold: holding(doors, terms) });
  return { ...deposit, complete };
}

export function deposited(world: World, options: HeldOptions): Deposit {
  const deposit = native(world, options);
  world.ask(deposit.home, deposit.complete);
  return deposit;
}

/** What the referential's partition sends when a subscription changes: one turn of it, through its lane. */
export class Registry {
  readonly #words = new Map<OrgKey, number>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  wordOf(org: OrgKey): number {
    return this.#words.get(org) ?? CLOSED;
  }

  isActive(org: OrgKey): boolean {
    return isOpen(this.wordOf(org));
  }

  /** Sends the change; `step` or `run` does the rest. */
  set(org: OrgKey, open: boolean, mail: string | null = null): void {
    if (this.isActive(org) === open) return;
    const word = doorWord(open, Math.floor(this.wordOf(org) / 2) + 1);
    this.#words.set(org, word);
    const command = { kind: 'mailbox.door', org, process: PROCESS, word, mail } as const;
    this.#world.post(REFERENTIAL, partitionOf(org), { command });
  }

  /** The same, and the world goes its way. */
  turn(org: OrgKey, open: boolean, mail: string | null = null): void {
    this.set(org, open, mail);
    this.#world.run();
  }
}

/** Cases held for an organisation, in the order of their places. */
export function queue(world: World, org: OrgKey): Id[] {
  const partition = partitionOf(org);
  const recipient = world.get(partition, recipientName(org));
  const box = recipient && boxOf(recipient, PROCESS);
  if (box === undefined) return [];
  const entries = [...world.place(partition).set(heldSet(box))].sort((a, b) => a[1] - b[1]);
  return entries.map(([member]) => member as Id);
}

export const migrate = (world: World, source: OrgKey, target: OrgKey): Ask =>
  world.send(partitionOf(source), {
    kind: 'mailbox.migrate',
    source,
    target,
    process: PROCESS,
    caller: admin,
    moved: 0,
  });

export const first = ({ cases }: Pick<Deposit, 'cases'>): Deposit['cases'][0] => cases[0] as Deposit['cases'][0];
export const kinds = (world: World, org: OrgKey): string[] => world.feed(org).map(({ type }) => type);
/** Cases a recipient was told of, oldest first. */
export const listed = (world: World, org: OrgKey = TOWN): Id[] =>
  world.box(partitionOf(org), org, PROCESS).map((one) => one.case);
export const stateOf = (world: World, { id, home }: Deposit['cases'][0]) => world.get(home, caseName(id));
