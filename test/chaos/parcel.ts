import { PROCESS } from '#bench/town.ts';
import type { OrganizationId } from '#engine/domain/organization.ts';
import type { Random } from '../sim/random.ts';
import { makePdf, sha256 } from './pdf.ts';

/** A native deposit: one folder with its file inside, to one town. */
export interface Parcel {
  key: string;
  /** of its recipient */
  who: number;
  body: Record<string, unknown>;
  /** of its file */
  digest: string;
}

export interface Addressee {
  identity: OrganizationId;
  number: number;
}

/** @param key also the folder's external id: whoever is told of a case can say under which key it was deposited */
export function makeParcel(key: string, { identity, number }: Addressee, random: Random): Parcel {
  const file = makePdf(random);
  const body = {
    processCode: PROCESS,
    externalId: key,
    applicant: { firstName: 'Camille', lastName: 'Exemple' },
    cases: [{ externalId: key, recipient: identity }],
    attachments: [
      { fileName: 'demande.pdf', type: 'document', mimeType: 'application/pdf', content: file.toString('base64') },
    ],
  };
  return { key, who: number, body, digest: sha256(file) };
}

/** Not refused for good: the same, sent again with the same key, may be answered otherwise. 409: it is under way. */
export const isOpen = (status: number): boolean => status === 0 || status === 409 || status >= 429;
