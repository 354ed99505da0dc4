import type { OrganizationId } from '#engine/domain/organization.ts';
import { PROCESS } from './town.ts';

const DIGITS = 13;
let number = 0;

/** Bodies of deposits in one call: one case, one file inline, some 1 kB with it. `more`: members before all others. */
export function depositBody(fileBytes: number): (recipient: OrganizationId, more?: string) => string {
  const file = Buffer.alloc(fileBytes, ' ');
  file.write('%PDF-1.4\n% bench\n');
  const content = file.toString('base64');
  return (recipient, more = '') => {
    number += 1;
    const externalId = `BANC-NATIVE-${String(number).padStart(DIGITS, '0')}`;
    const cases = `[{"externalId":"${externalId}-01","recipient":${JSON.stringify(recipient)}}]`;
    const file_ = `{"fileName":"demande.pdf","type":"document","mimeType":"application/pdf","content":"${content}"}`;
    const applicant = '{"firstName":"Camille","lastName":"Exemple"}';
    return `{${more}"processCode":"${PROCESS}","externalId":"${externalId}","applicant":${applicant},"cases":${cases},"attachments":[${file_}]}`;
  };
}
