import type { Request } from '#api/server/types.ts';

const TAG = /^(?:W\/)?"([^"]{1,40})"$/;

/** Entity tag of a version (RFC 9110). */
export const tagOf = (version: string): string => `"${version}"`;

/** The version a request is made on; undefined: it says none, or any. One that is no tag is a version no case has. */
export function seenOf(request: Pick<Request, 'header'>): string | undefined {
  const text = request.header('if-match').trim();
  if (text === '' || text === '*') return undefined;
  return TAG.exec(text)?.[1] ?? '';
}
