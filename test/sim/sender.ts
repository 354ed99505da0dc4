import type { CommandOf } from '#engine/domain/commands.ts';
import { derive, type Id, KIND } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { osl, PROCESSES, PURGE, RECIPIENTS } from './cast.ts';
import type { Desk } from './desk.ts';
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

export function newDeposit(desk: Desk, random: Random, sender: OrgKey): [Deposit, CommandOf<'folder.create'>] {
  const count = random.chance(0.6) ? 1 : 2 + random.below(MOST_CASES - 1);
  const recipients = Array.from({ length: count }, () => random.pick(RECIPIENTS));
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

export const uploadOf = (blob: string) => ({ status: 'RECEIVED', sha256: `${'a'.repeat(43)}=`, blob }) as const;

/** Deposits a folder and completes it. */
export async function deposit(desk: Desk, random: Random, sender: OrgKey): Promise<Deposit> {
  const [made, command] = newDeposit(desk, random, sender);
  const { folder, home, cases } = made;
  await desk.must(home, command, 201);
  const caller = osl(sender);
  await desk.must(home, { kind: 'folder.upload', folder, index: 0, caller, upload: uploadOf(`b${folder}`) }, 204);
  const mails = cases.map(() => (random.chance(0.3) ? 'mairie@commune.test' : null));
  await desk.must(
    home,
    { kind: 'folder.patch', folder, caller, status: 'HUBEE_COMPLETED', closed: null, mails, purge: PURGE },
    204,
  );
  return made;
}
