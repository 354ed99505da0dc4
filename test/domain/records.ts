import fc from 'fast-check';
import type { CaseState } from '#engine/domain/records/case.ts';
import type { Assignment, Pending } from '#engine/domain/records/desk.ts';
import { NO_DOORS, withDoorOf } from '#engine/domain/records/door.ts';
import { ACTION_TYPES, type EventState } from '#engine/domain/records/event.ts';
import { HOLDINGS } from '#engine/domain/records/held.ts';
import type { States } from '#engine/domain/records/names.ts';
import { CALL_OUTCOMES, PAUSE_REASONS } from '#engine/domain/records/webhook.ts';
import {
  applicant,
  attachmentFields,
  folderCase,
  folderOf,
  id,
  indexes,
  ms,
  org,
  orNull,
  partnerInfo,
  sha,
  small,
  text,
} from './arbitraries.ts';
import { AGENT_RECORDS } from './records-agents.ts';
import { CLIENT_RECORDS } from './records-clients.ts';

const event: fc.Arbitrary<EventState> = fc.record({
  id,
  transmitter: org,
  side: fc.constantFrom('OSL', 'SI', 'ADMIN'),
  actionType: fc.constantFrom(...ACTION_TYPES),
  notification: fc.boolean(),
  message: orNull(text),
  comment: orNull(text),
  author: orNull(text),
  status: fc.constantFrom('IN_PROGRESS', 'SENT', 'RECEIVED'),
  caseCurrentStatus: orNull(fc.oneof(text, fc.constant('DONE'))),
  caseNewStatus: orNull(fc.constantFrom('CLOSED', 'SI_INTG_ERROR')),
  partnerAttributes: orNull(text),
  attachments: fc.array(fc.record({ ...attachmentFields, portalPurged: fc.boolean() }), { maxLength: 2 }),
  updated: orNull(ms),
  partnerInfo: orNull(partnerInfo),
});

const case_: fc.Arbitrary<CaseState> = fc.record({
  recipient: org,
  sender: org,
  process: text,
  externalId: text,
  applicant,
  partnerAttributes: orNull(text),
  status: fc.constantFrom('HUBEE_RECEIVED', 'HUBEE_NOTIFIED', 'SI_INTG_ERROR', 'ARCHIVED'),
  visible: fc.boolean(),
  updated: orNull(ms),
  transmitted: orNull(ms),
  closed: orNull(ms),
  attachments: fc.array(fc.record({ ...attachmentFields, index: fc.nat({ max: 3 }), portalPurged: fc.boolean() }), {
    maxLength: 3,
  }),
  purge: orNull(ms),
  events: fc.array(event, { maxLength: 3 }),
  eventChunks: fc.nat({ max: 64 }),
  holding: orNull(
    fc.record({
      state: fc.constantFrom(...HOLDINGS),
      since: ms,
      until: ms,
      purge: fc.record({
        status: fc.constant('CLOSED' as const),
        fileDays: small,
        archiveDays: small,
        deleteDays: small,
      }),
    }),
  ),
});

const pending: fc.Arbitrary<Pending> = fc.record({
  events: fc.array(event, { minLength: 1, maxLength: 2 }),
  agent: orNull(id),
  due: ms,
  version: text,
  purge: fc.record({ status: fc.constant('CLOSED' as const), fileDays: small, archiveDays: small, deleteDays: small }),
});
const assignment: fc.Arbitrary<Assignment> = fc.record({ agent: orNull(id), by: id, at: ms });

const fallback = fc.record({ org, door: fc.nat(), mail: orNull(text) });

const person = fc.record({
  email: text,
  firstName: orNull(text),
  lastName: orNull(text),
  function: orNull(text),
  phoneNumber: orNull(text),
  mobileNumber: orNull(text),
});
const identity = fc.record({ type: text, companyRegister: text, branchCode: text });
const status = fc.constantFrom('HUBEE_NOTIFIED' as const, 'CLOSED' as const);
const caller = fc.record({ scope: fc.constant('ADMIN' as const), org });

const replyTo = fc.record({ api: text, ask: fc.nat() });
const deleting = fc.record({
  awaited: fc.nat(),
  kept: fc.boolean(),
  waiting: fc.array(fc.record({ caller, replyTo: orNull(replyTo) }), { maxLength: 2 }),
});
const migrations = fc.record({
  out: fc.array(fc.record({ process: orNull(text), target: org, at: ms, granted: fc.boolean() }), { maxLength: 2 }),
  into: fc.array(fc.record({ process: orNull(text), source: org, at: ms }), { maxLength: 2 }),
});
const forwardings = fc.array(fc.record({ process: orNull(text), target: org, at: ms }), { minLength: 1, maxLength: 3 });

/** A record with these fields, or without them: absent is not the same as undefined. */
const sometimes = <T, F extends Record<string, fc.Arbitrary<unknown>>>(record: fc.Arbitrary<T>, fields: F) =>
  fc.tuple(record, fc.option(fc.record(fields))).map(([state, more]) => ({ ...state, ...more }));

/** One arbitrary per kind of record that is stored as text, by the first letter of its name. */
export const RECORDS: Record<string, fc.Arbitrary<unknown>> = {
  f: sometimes(fc.array(folderCase, { maxLength: 4 }).chain(folderOf), { deleting }),
  g: fc.record({ cases: fc.array(folderCase, { maxLength: 4 }) }),
  c: sometimes(sometimes(sometimes(case_, { held: fc.constant(true as const) }), { pending }), { assignment }),
  e: fc.record({ events: fc.array(event, { maxLength: 3 }) }),
  o: sometimes(
    fc.record({
      org,
      sequence: fc.nat(),
      boxes: fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', 'constructor', '17')), small, {
        noNullPrototype: true,
      }),
      moving: orNull(
        fc.record({
          awaited: fc.nat(),
          waiting: fc.array(
            fc.record({
              command: fc.record({
                kind: fc.constant('mailbox.migrate' as const),
                source: org,
                target: org,
                process: orNull(text),
                caller,
                moved: fc.nat(),
              }),
              replyTo: orNull(fc.record({ api: text, ask: fc.nat() })),
            }),
            { maxLength: 2 },
          ),
        }),
      ),
      doors: fc
        .uniqueArray(fc.tuple(small, fc.nat(), fc.nat({ max: 3 })), { maxLength: 4, selector: ([box]) => box })
        .map((doors) =>
          doors.reduce((all, [box, word, held]) => withDoorOf(all, box, { word, held, last: held && 9 }), NO_DOORS),
        ),
      feed: orNull(
        fc.record({ kept: fc.nat(), at: fc.nat(), marks: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 9 }) }),
      ),
    }) satisfies fc.Arbitrary<States[`o${string}`]>,
    { forwardings, migrations },
  ),
  u: fc.record({
    consumers: fc.dictionary(text, fc.record({ acknowledged: fc.nat(), at: fc.nat() }), { noNullPrototype: true }),
  }) satisfies fc.Arbitrary<States[`u${string}`]>,
  a: sometimes(
    fc.record({
      org,
      process: text,
      sender: org,
      place: fc.nat(),
      since: ms,
      due: ms,
      fallback: orNull(fallback),
    }) satisfies fc.Arbitrary<States[`a${string}`]>,
    { told: fc.constant(true as const) },
  ),
  h: fc.record({
    id,
    org,
    url: text,
    created: ms,
    secrets: fc.array(fc.record({ sealed: text, publicKey: text, until: orNull(ms) }), { maxLength: 2 }),
    processes: orNull(fc.array(text, { maxLength: 3 })),
    email: orNull(text),
    paused: orNull(fc.record({ reason: fc.constantFrom(...PAUSE_REASONS), at: ms })),
    failing: orNull(fc.record({ since: ms, failures: fc.nat(), next: ms })),
    replays: fc.array(fc.nat(), { maxLength: 3 }),
    log: fc.array(
      fc.record({
        at: ms,
        position: fc.nat(),
        outcome: fc.constantFrom(...CALL_OUTCOMES),
        status: fc.nat({ max: 599 }),
        duration: fc.nat(),
      }),
      { maxLength: 3 },
    ),
  }) satisfies fc.Arbitrary<States[`h${string}`]>,
  j: fc.record({ webhooks: fc.array(fc.record({ id, org, version: fc.nat() }), { maxLength: 3 }) }),
  m: fc.record({ courier: text, epoch: fc.nat(), until: ms }),
  w: fc.record({ partition: small, box: small, sequence: fc.nat(), via: indexes }),
  s: fc
    .tuple(
      fc.array(fc.tuple(id, orNull(text), fc.nat()), { maxLength: 4 }),
      orNull(fc.record({ ms: fc.nat(), fallback: orNull(fallback), owner: orNull(text) })),
    )
    .map(([rows, terms]) => ({
      cases: rows.map(([one]) => one),
      mails: rows.map(([, mail]) => mail),
      holding: terms && { terms, doors: rows.map(([, , word]) => word) },
    })),
  n: fc.record({ boxes: fc.nat() }),
  O: fc.record({
    type: text,
    companyRegister: text,
    branchCode: text,
    name: text,
    code: orNull(text),
    country: orNull(text),
    postalCode: text,
    territory: text,
    email: orNull(text),
    phoneNumber: orNull(text),
    status: text,
    created: ms,
    updated: orNull(ms),
  }) satisfies fc.Arbitrary<States[`O${string}`]>,
  P: fc.record({
    code: text,
    name: text,
    description: orNull(text),
    isActivated: fc.boolean(),
    osl: identity,
    attachmentFormatsEnabled: fc.array(text, { maxLength: 3 }),
    siAttachmentFormatsEnabled: fc.array(text, { maxLength: 3 }),
    attachmentTypesEnabled: fc.array(text, { maxLength: 3 }),
    attachmentMaxSizeEnabled: fc.nat(),
    statusBeforeFileDeletion: status,
    timeBeforeFileDeletion: small,
    timeBeforeArchiving: small,
    timeBeforeFolderDeletion: small,
    messageToTransmitter: fc.boolean(),
    messageWithStatus: fc.boolean(),
    authorizedAwaiting: fc.boolean(),
    subscriptionValidation: fc.constantFrom('Auto' as const, 'Manual' as const),
    legalJustification: orNull(text),
    hold: orNull(fc.record({ hours: small, fallback: orNull(identity) })),
    timeBeforeDeadline: orNull(small),
    created: ms,
    updated: orNull(ms),
  }) satisfies fc.Arbitrary<States[`P${string}`]>,
  S: fc.record({
    id,
    datapassId: fc.oneof(fc.maxSafeNat(), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }).map(String)),
    processCode: text,
    subscriber: identity,
    notificationFrequency: text,
    localAdministrator: person,
    delegationActor: orNull(fc.oneof(person, identity)),
    accessMode: orNull(text),
    status: fc.constantFrom('Actif' as const, 'Refusé' as const),
    email: orNull(text),
    activateDateTime: orNull(ms),
    validateDateTime: orNull(ms),
    rejectDateTime: orNull(ms),
    endDateTime: orNull(ms),
    updateDateTime: orNull(ms),
    rejectionReason: orNull(text),
    creationDateTime: ms,
    version: small,
  }) satisfies fc.Arbitrary<States[`S${string}`]>,
  I: fc.record({ ids: fc.array(id, { maxLength: 4 }) }),
  i: fc.record({ digest: text, folder: id }) satisfies fc.Arbitrary<States[`i${string}`]>,
  y: fc.record({ armed: small }) satisfies fc.Arbitrary<States[`y${string}`]>,
  v: fc.record({
    org,
    sha256: sha,
    size: fc.nat(),
    mimeType: text,
    blob: text,
    folder: orNull(id),
    claimed: orNull(ms),
  }) satisfies fc.Arbitrary<States[`v${string}`]>,
  t: fc.constant({}) satisfies fc.Arbitrary<States[`t${string}`]>,
  ...CLIENT_RECORDS,
  ...AGENT_RECORDS,
};
