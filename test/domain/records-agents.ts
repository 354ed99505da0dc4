import fc from 'fast-check';
import { AGENT_ROLES, NOTICE_FREQUENCIES } from '#engine/domain/records/agent.ts';
import type { States } from '#engine/domain/records/names.ts';
import { id, ms, org, orNull, text } from './arbitraries.ts';

/** Agents, and those of an organisation. */
export const AGENT_RECORDS = {
  A: fc.record({
    id,
    email: text,
    subject: orNull(text),
    givenName: orNull(text),
    familyName: orNull(text),
    quality: orNull(text),
    service: orNull(text),
    memberships: fc.array(
      fc.record({
        org,
        role: fc.constantFrom(...AGENT_ROLES),
        processes: orNull(fc.array(text, { maxLength: 3 })),
        since: ms,
      }),
      { maxLength: 3 },
    ),
    national: fc.boolean(),
    suspended: orNull(ms),
    notices: fc.array(fc.record({ process: text, frequency: fc.constantFrom(...NOTICE_FREQUENCIES) }), {
      maxLength: 3,
    }),
    toldUpTo: orNull(ms),
    digested: orNull(ms),
    created: ms,
    updated: orNull(ms),
  }) satisfies fc.Arbitrary<States[`A${string}`]>,
  M: fc.record({
    org,
    administrators: fc.array(id, { maxLength: 3 }),
    others: fc.array(id, { maxLength: 3 }),
  }) satisfies fc.Arbitrary<States[`M${string}`]>,
};
