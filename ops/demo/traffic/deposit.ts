import type { Demarche } from '../france/demarche.ts';
import { generatorOf } from '../payloads/generators.ts';
import { Random } from '../random.ts';
import type { FolderRequest } from '../wire.ts';
import type { Drawn, Flow } from './flow.ts';

/** A folder ready to be sent: `files[i]` are the bytes of `folder.attachments[i]`. */
export interface Deposit {
  demarche: Demarche;
  folder: FolderRequest;
  files: readonly Buffer[];
}

/** The deposit of that number: the same seed, number and date always give the same one. */
export function drawDeposit(flow: Flow, seed: string, serial: number, on: Date): Deposit {
  const random = new Random(`${seed}/${serial}`);
  return writeDeposit(flow.draw(random), random, serial, on);
}

export function writeDeposit({ demarche, recipients }: Drawn, random: Random, serial: number, on: Date): Deposit {
  const externalId = folderNumber(demarche, serial, on);
  const { applicant, pieces } = generatorOf(demarche)({ random, on, demarche, recipients, externalId });
  const cases = recipients.map((recipient, index) => ({
    recipient: recipient.identity,
    externalId: `${externalId}-${String(index + 1).padStart(2, '0')}`,
  }));
  const numbers = cases.map((one) => one.externalId);
  const attachments = pieces.map((piece) => ({
    fileName: piece.fileName,
    type: piece.type,
    size: piece.bytes.length,
    mimeType: piece.mimeType,
    recipients: piece.cases ? piece.cases.map((index) => numbers[index] as string) : numbers,
  }));
  const folder = { processCode: demarche.code, externalId, applicant, cases, attachments };
  return { demarche, folder, files: pieces.map((piece) => piece.bytes) };
}

// Sender, démarche, 13 digits: at most 30 characters (contract 14.12); the quotient familial has its own form (16.14).
function folderNumber({ code, sender, prefix }: Demarche, serial: number, on: Date): string {
  const digits = `${on.getUTCFullYear()}${String(serial).padStart(9, '0')}`;
  return code === 'FormulaireQF' ? `Formulaire-QF-${digits}` : `${sender.code}-${prefix}-${digits}`;
}
