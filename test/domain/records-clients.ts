import fc from 'fast-check';
import type { States } from '#engine/domain/records/names.ts';
import { id, ms, org, orNull, text } from './arbitraries.ts';

/** Programs of partners. */
export const CLIENT_RECORDS = {
  L: fc.record({
    clientId: text,
    scope: fc.constantFrom('SI' as const, 'DATAPASS' as const),
    organization: org,
    subscription: orNull(id),
    partner: orNull(
      fc.record({
        processes: fc.array(text, { minLength: 1, maxLength: 3 }),
        rights: fc.constantFrom(['read' as const], ['read' as const, 'write' as const]),
      }),
    ),
    secret: text,
    previousSecret: orNull(text),
    previousUntil: orNull(ms),
    revoked: orNull(ms),
    created: ms,
    rotated: orNull(ms),
  }) satisfies fc.Arbitrary<States[`L${string}`]>,
};
