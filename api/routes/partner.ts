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

function checkPartner(request: Request): void {
  for (const name of NAMES) {
    const value = request.header(name);
    if (value.length > PARTNER_HEADER_LENGTH) {
      throw formError(request, `header.${HEADERS[name]}`, tooLong(value, PARTNER_HEADER_LENGTH));
    }
  }
}

/** Contract §5.3: null when the software says nothing of itself. */
export function partnerInfo(request: Request): PartnerInfo | null {
  const editorName = request.header('editorname') || null;
  const applicationName = request.header('applicationname') || null;
  const softwareVersion = request.header('softwareversion') || null;
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
