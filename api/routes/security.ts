import { Type } from 'typebox';
import { Fault } from '#api/schemas/fault.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Route } from '#api/server/types.ts';

const PATH = '/.well-known/security.txt';
const DAY_MS = 24 * 3_600_000;
/** How long what is answered may be relied upon: RFC 9116 §2.5.5 advises less than a year. */
const VALID_MS = 180 * DAY_MS;
const CACHE = { 'Cache-Control': 'public, max-age=86400' } as const;

/** The end of a day, so that all processes say the same. */
const expiry = (now: number): string => `${new Date(now + VALID_MS).toISOString().slice(0, 10)}T00:00:00Z`;

/** RFC 9116: whom to tell of a vulnerability; 404 where the operator has named nobody. */
export const routes = ({ hub, config }: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: PATH,
    scopes: 'public',
    summary: 'À qui signaler une vulnérabilité (RFC 9116)',
    schemas: { answers: { 200: Type.String(), 404: Fault } },
    handler: () => {
      if (config.securityContact === '') throw new HttpError(404, 'Not Found');
      const lines = [
        `Contact: ${config.securityContact}`,
        `Expires: ${expiry(hub.now())}`,
        'Preferred-Languages: fr, en',
        ...(config.publicUrl === '' ? [] : [`Canonical: ${config.publicUrl}${PATH}`]),
      ];
      return { status: 200, text: `${lines.join('\n')}\n`, type: 'text/plain; charset=utf-8', headers: CACHE };
    },
  },
];
