import fc from 'fast-check';
import { AGENT_ROLES, NOTICE_FREQUENCIES } from '#engine/domain/records/agent.ts';
import type { States } from '#engine/domain/records/names.ts';
import { TEMPLATE_KINDS } from '#engine/domain/records/office.ts';
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
        absence: orNull(fc.record({ from: ms, to: ms, substitute: id, by: id })),
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
    passkeys: fc.array(
      fc.record({
        id: text,
        key: text,
        counter: fc.nat(),
        name: text,
        transports: fc.array(text, { maxLength: 2 }),
        synced: fc.boolean(),
        created: ms,
        used: orNull(ms),
      }),
      { maxLength: 2 },
    ),
    enrolment: orNull(fc.record({ hash: text, until: ms })),
    created: ms,
    updated: orNull(ms),
  }) satisfies fc.Arbitrary<States[`A${string}`]>,
  D: fc.record({
    org,
    passkeys: orNull(fc.record({ by: text, since: ms })),
    templates: fc.array(
      fc.record({
        id,
        kind: fc.constantFrom(...TEMPLATE_KINDS),
        name: text,
        process: orNull(text),
        text,
        updated: ms,
      }),
      { maxLength: 2 },
    ),
  }) satisfies fc.Arbitrary<States[`D${string}`]>,
  M: fc.record({
    org,
    administrators: fc.array(id, { maxLength: 3 }),
    others: fc.array(id, { maxLength: 3 }),
  }) satisfies fc.Arbitrary<States[`M${string}`]>,
};
