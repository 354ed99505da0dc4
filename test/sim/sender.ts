import assert from 'node:assert/strict';
import type { CommandOf } from '#engine/domain/commands.ts';
import { derive, type Id, KIND } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import type { Book } from './book.ts';
import { osl, PROCESSES, PURGE, RECIPIENTS, uploadOf } from './cast.ts';
import type { Desk } from './desk.ts';
import { early } from './exchange.ts';
import type { Random } from './random.ts';

/** A folder as its sender means it. */
export interface Deposit {
  folder: Id;
  home: number;
  sender: OrgKey;
  process: string;
  cases: { id: Id; home: number; recipient: OrgKey }[];
}

const MOST_CASES = 5;

function someRecipients(random: Random): OrgKey[] {
  const count = random.chance(0.6) ? 1 : 2 + random.below(MOST_CASES - 1);
  return Array.from({ length: count }, () => random.pick(RECIPIENTS));
}

export function newDeposit(
  desk: Desk,
  random: Random,
  sender: OrgKey,
  recipients: readonly OrgKey[] = someRecipients(random),
): [Deposit, CommandOf<'folder.create'>] {
  const process = random.pick(PROCESSES);
  const home = partitionOf(recipients[0] as OrgKey);
  const folder = desk.id(KIND.folder, home);
  const command: CommandOf<'folder.create'> = {
    kind: 'folder.create',
    folder,
    sender,
    process,
    externalId: 'EC-1',
    applicant: { firstName: 'Camille', lastName: 'Exemple', email: null },
    partnerInfo: null,
    cases: recipients.map((recipient, index) => ({
      externalId: `EC-1-${index}`,
      recipient,
      home: partitionOf(recipient),
      partnerAttributes: null,
    })),
    attachments: [
      {
        fileName: 'acte.pdf',
        type: 'ActeEtatCivil-PDF',
        size: 20_000,
        mimeType: 'application/pdf',
        recipients: recipients.map((_, index) => index),
      },
    ],
  };
  const cases = command.cases.map(({ recipient, home: at }, index) => ({
    id: derive(folder, KIND.case, at, index),
    home: at,
    recipient,
  }));
  return [{ folder, home, sender, process, cases }, command];
}

/** Asked again it gets another id: a folder whose creation had no clear answer is nobody's. */
export async function create(
  desk: Desk,
  random: Random,
  sender: OrgKey,
  recipients?: readonly OrgKey[],
): Promise<Deposit> {
  for (;;) {
    const [made, command] = newDeposit(desk, random, sender, recipients);
    const answer = await desk.once(made.home, command);
    if (answer?.status === 201) return made;
    assert.equal(answer, undefined, 'a folder is created');
  }
}

/** Deposits a folder and completes it, or takes it back. @returns undefined when it was taken back */
export async function deposit(desk: Desk, book: Book, random: Random, sender: OrgKey): Promise<Deposit | undefined> {
  const made = await create(desk, random, sender);
  const { folder, home, cases } = made;
  book.deposited(made);
  const caller = osl(sender);
  if (random.chance(0.1)) {
    // A case opened early, here or elsewhere, is held until all their homes have answered.
    const opened = random.pick(cases).id;
    if (random.chance(0.5)) await desk.must(home, { kind: 'folder.open', case: opened, caller }, 204);
    // Taken back by an attempt whose answer was lost, it is unknown to the next.
    await desk.must(home, { kind: 'folder.delete', folder, caller }, 204, 404);
    book.removed(made);
    return undefined;
  }
  await desk.must(home, { kind: 'folder.upload', folder, index: 0, caller, upload: uploadOf(`b${folder}`) }, 204);
  if (random.chance(0.15)) {
    await early(desk, book, made, caller);
    if (random.chance(0.3)) await desk.must(home, { kind: 'folder.delete', folder, caller }, 400);
  }
  const mails = cases.map(() => (random.chance(0.3) ? 'mairie@commune.test' : null));
  const completed = book.completing(made);
  const complete = { kind: 'folder.patch', folder, caller, closed: null, mails, purge: PURGE } as const;
  await desk.must(home, { ...complete, status: 'HUBEE_COMPLETED' }, 204);
  completed();
  if (random.chance(0.2)) {
    // Closed by an attempt whose answer was lost, it may be archived by now.
    await desk.must(home, { ...complete, status: 'CLOSED', mails: [] }, 204, 400);
    book.patchedFolder(made, 'CLOSED');
  }
  return made;
}
