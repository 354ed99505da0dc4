/** `NUM_demandeur_type_01.pdf`: names that any computer takes, and that say what they are. */
const LONGEST = 120;

/** ASCII letters, digits, dash, dot. */
export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[œŒ]/g, 'oe')
    .replace(/[æÆ]/g, 'ae')
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');

const KNOWN: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/xml': 'xml',
  'text/xml': 'xml',
  'application/json': 'json',
  'text/plain': 'txt',
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'application/zip': 'zip',
};

export interface Named {
  number: string;
  applicant: string;
  type: string;
  fileName: string;
  mimeType: string;
  /** from 1 */
  place: number;
}

export function archiveName({ number, applicant, type, fileName, mimeType, place }: Named): string {
  const given = /\.([A-Za-z0-9]{1,8})$/.exec(fileName)?.[1]?.toLowerCase();
  const extension = given ?? KNOWN[mimeType] ?? 'bin';
  const tail = `_${String(place).padStart(2, '0')}.${extension}`;
  const stem = [number, applicant, type].map(plain).filter(Boolean).join('_');
  return `${stem.slice(0, LONGEST - tail.length)}${tail}`;
}
