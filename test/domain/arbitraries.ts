import fc from 'fast-check';
import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { Applicant, Attachment, FolderCase, FolderState, PartnerInfo } from '#engine/domain/records/folder.ts';

/** Arbitrary records of every kind: any text a client may send, every field absent or present. */
export const text = fc.string({ unit: 'binary', maxLength: 12 });
export const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });
export const ms = fc.integer({ min: 1_600_000_000_000, max: 2_200_000_000_000 });
export const small = fc.nat({ max: 20_000 });

export const id = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('base64url') as Id);

export const digits = fc.integer({ min: 0, max: 99_999_999_999_999 }).map((number) => String(number).padStart(14, '0'));
export const org: fc.Arbitrary<OrgKey> = fc
  .tuple(
    fc.constantFrom('OSL', 'SI', 'Admin', 'EDT', 'other', 'constructor'),
    digits,
    fc.constantFrom('00000', '77372', '2A004', 'a-b-1', '0'),
  )
  .map((parts) => parts.join('-'));

export const indexes = fc.array(small, { maxLength: 8 });
export const ascending = fc.uniqueArray(small, { maxLength: 8 }).map((list) => list.sort((a, b) => a - b));

export const applicant: fc.Arbitrary<Applicant> = fc.record({ firstName: text, lastName: text, email: orNull(text) });
export const partnerInfo: fc.Arbitrary<PartnerInfo> = fc.record({
  editorName: orNull(text),
  applicationName: orNull(text),
  softwareVersion: orNull(text),
});
export const sha = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));
export const attachmentFields = {
  fileName: text,
  type: text,
  size: fc.nat(),
  mimeType: fc.oneof(text, fc.constantFrom('application/pdf', 'text/xml')),
  status: fc.constantFrom('PENDING', 'RECEIVED', 'CORRUPTED', 'REJECTED', 'DELETED'),
  sha256: orNull(sha),
  blob: orNull(text),
} satisfies { [K in keyof Attachment]: fc.Arbitrary<unknown> };

export const folderCase: fc.Arbitrary<FolderCase> = fc.record({
  externalId: text,
  recipient: org,
  home: fc.nat({ max: 64 }),
  partnerAttributes: orNull(text),
});

export const folderOf = (cases: FolderCase[]): fc.Arbitrary<FolderState> =>
  fc.record({
    sender: org,
    process: text,
    externalId: text,
    applicant,
    status: fc.constantFrom('HUBEE_RECEIVED', 'HUBEE_COMPLETED', 'SI_RECEIVED', 'CLOSED', 'ARCHIVED'),
    updated: orNull(ms),
    closed: orNull(ms),
    partnerInfo: orNull(partnerInfo),
    cases: fc.constant(cases),
    caseCount: fc.constantFrom(cases.length, cases.length + 300),
    attachments: fc.array(
      fc.record({
        ...attachmentFields,
        recipients: fc.oneof(
          indexes,
          fc.constant(null).map((): number[] => [...cases.keys()]),
        ),
      }),
      { maxLength: 3 },
    ),
    opened: ascending,
    purge: fc
      .dictionary(small.map(String), ms, { maxKeys: 4, noNullPrototype: true })
      .map((links): FolderState['purge'] => links),
    removed: ascending,
    due: orNull(ms),
  });
