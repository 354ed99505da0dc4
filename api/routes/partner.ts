import { isUtf8 } from 'node:buffer';
import { tooLong } from '#api/schemas/faults.ts';
import { PARTNER_HEADER_LENGTH } from '#api/schemas/person.ts';
import { formError } from '#api/server/errors.ts';
import type { Request, Route } from '#api/server/types.ts';
import type { PartnerInfo } from '#engine/domain/records/folder.ts';

/** Headers a partner's software names itself by (contract §2), as the transport declares them: in lower case. */
const HEADERS = {
  editorname: 'editorName',
  applicationname: 'applicationName',
  softwareversion: 'softwareVersion',
} as const;
const NAMES = Object.keys(HEADERS) as (keyof typeof HEADERS)[];

const PLAIN = /^[\x20-\x7e]*$/;

/** Text of a header: its bytes come one per character, and are UTF-8 or Latin-1 as the client's library has it. */
function textOf(request: Request, name: keyof typeof HEADERS): string {
  const value = request.header(name);
  if (PLAIN.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}

function checkPartner(request: Request): void {
  for (const name of NAMES) {
    const value = textOf(request, name);
    if (value.length > PARTNER_HEADER_LENGTH) {
      throw formError(request, `header.${HEADERS[name]}`, tooLong(value, PARTNER_HEADER_LENGTH));
    }
  }
}

/** Contract §5.3: null when the software says nothing of itself. */
export function partnerInfo(request: Request): PartnerInfo | null {
  const editorName = textOf(request, 'editorname') || null;
  const applicationName = textOf(request, 'applicationname') || null;
  const softwareVersion = textOf(request, 'softwareversion') || null;
  if (editorName === null && applicationName === null && softwareVersion === null) return null;
  return { editorName, applicationName, softwareVersion };
}

/** The same routes, refusing a header of more than 50 characters (contract §2: 400). */
export const withPartner = (routes: readonly Route[]): Route[] =>
  routes.map((route) => ({
    ...route,
    headers: [...NAMES, ...(route.headers ?? [])],
    handler: (request) => {
      checkPartner(request);
      return route.handler(request);
    },
  }));
