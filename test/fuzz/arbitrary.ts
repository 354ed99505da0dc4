import fc from 'fast-check';
import { DGS, ORLY } from '#test/contract/country.ts';
import type { Json } from '#test/contract/wire.ts';

/** Requests made from the published document: mostly of the right form, so that they reach what lies behind it. */

/** Values that mean something to a hub with the small country of the contract's tests. */
const KNOWN: Readonly<Record<string, readonly unknown[]>> = {
  processCode: ['CERTDC', 'EtatCivil', '__proto__'],
  code: ['CERTDC', 'constructor'],
  recipient: [ORLY],
  osl: [DGS],
  subscriber: [ORLY],
  organizationSource: [ORLY],
  organizationTarget: [ORLY, DGS],
  mimeType: ['application/pdf', 'text/plain', 'application/xml'],
  type: ['DD_Certificatdedeces', 'SI', 'OSL'],
  globalStatus: ['HUBEE_COMPLETED', 'HUBEE_NOTIFIED', 'SENT', 'CLOSED', 'ARCHIVED'],
  status: ['SENT', 'RECEIVED', 'DONE', 'CLOSED', 'HUBEE_NOTIFIED', 'Actif', 'Suspendu'],
  caseNewStatus: ['SENT', 'DONE', 'CLOSED', 'HUBEE_NOTIFIED', null],
  actionType: ['STATUS_UPDATE', 'ATTACH_DEPOSIT', 'COM_ADD', 'SENDING_MESSAGE'],
  companyRegister: [ORLY.companyRegister],
  branchCode: [ORLY.branchCode],
  externalId: ['1', '2'],
  phoneNumber: ['+33123456789'],
  email: ['a@commune.test'],
  size: [0, 5, 200],
  view: ['waiting', 'done', 'overdue'],
  sort: ['applicant', 'deadline'],
  q: ['lerou', 'george exemple', '"', 'a*'],
  from: ['2026-03-01', '2026-02-30', '2026-03-01T00:00:00Z'],
  maxResult: ['1', '300', '0', 'x', '1e99', '99999999999999999999'],
  offSet: ['0', '-1', 'x'],
  orderBy: ['name', 'desc(id)', 'asc(status)', 'x'],
  lite: ['true'],
};

const MOST = { weight: 12 };
const SOME = { weight: 1 };

const anything = fc.jsonValue({ maxDepth: 2 });
const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('__proto__', 'constructor', '', ' ', '\u{1F4C4}', 'x'.repeat(2000), '../..', '%00', '$&', "'; --"),
);

function textOf(schema: Json): fc.Arbitrary<unknown> {
  if (schema.format === 'uuid') return fc.oneof({ ...MOST, arbitrary: fc.uuid() }, { ...SOME, arbitrary: words });
  if (schema.format === 'date-time') {
    const dates = fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
    return fc.oneof({ ...MOST, arbitrary: dates }, { ...SOME, arbitrary: words });
  }
  if (schema.pattern !== undefined) {
    return fc.oneof(
      { ...MOST, arbitrary: fc.stringMatching(new RegExp(schema.pattern)) },
      { ...SOME, arbitrary: words },
    );
  }
  return words;
}

function plain(schema: Json, type: string, refer: (name: string) => Json): fc.Arbitrary<unknown> {
  switch (type) {
    case 'object':
      return objectOf(schema, refer);
    case 'array':
      return fc.array(arbitraryOf('', schema.items ?? {}, refer), { minLength: schema.minItems ?? 0, maxLength: 3 });
    case 'integer':
      return fc.oneof(fc.nat({ max: 1000 }), fc.maxSafeInteger());
    case 'number':
      return fc.double();
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return textOf(schema);
  }
}

function objectOf(schema: Json, refer: (name: string) => Json): fc.Arbitrary<unknown> {
  const members: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, member] of Object.entries(schema.properties ?? {}))
    members[name] = arbitraryOf(name, member, refer);
  const required = schema.required ?? [];
  return fc.oneof(
    { ...MOST, arbitrary: fc.record(members, { requiredKeys: required }) },
    { ...SOME, arbitrary: fc.record(members, { requiredKeys: [] }) },
  );
}

/** Values for a member of that name and schema; one in a few is something else altogether. */
export function arbitraryOf(name: string, schema: Json, refer: (name: string) => Json): fc.Arbitrary<unknown> {
  const target = schema.$ref === undefined ? schema : refer(schema.$ref);
  const known = KNOWN[name];
  const branches: Json[] = target.anyOf ?? [target];
  const formed = branches.flatMap((branch) =>
    branch.enum !== undefined
      ? [fc.constantFrom<unknown>(...branch.enum)]
      : [branch.type ?? 'string'].flat().map((type: string) => plain(branch, type, refer)),
  );
  return fc.oneof(
    { weight: 8, arbitrary: fc.oneof(...formed) },
    { weight: known === undefined ? 0 : 12, arbitrary: fc.constantFrom<unknown>(...(known ?? [null])) },
    { ...SOME, arbitrary: anything },
  );
}

/** Text of a query parameter: what is known of it, or any. */
export const queryOf = (name: string): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom(...((KNOWN[name] ?? ['true']) as string[]).map(String)), words);

/** Places of a value, as lists of steps. */
function places(value: Json, at: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inside = Object.keys(value).flatMap((name) => places(value[name], [...at, name]));
  return at.length === 0 ? inside : [at, ...inside];
}

function put(value: Json, [step, ...rest]: readonly string[], next: unknown): void {
  if (step === undefined || typeof value !== 'object' || value === null) return;
  if (rest.length === 0) value[step] = next;
  else put(value[step], rest, next);
}

/** A good body with up to two members changed: it passes most checks, and fails deep inside or nowhere. */
export function mutated(body: unknown): fc.Arbitrary<unknown> {
  const all = places(body);
  if (all.length === 0) return fc.constant(body);
  const change = fc.record({ place: fc.constantFrom(...all), next: fc.oneof(anything, words, fc.constant(null)) });
  return fc.array(change, { maxLength: 2 }).map((changes) => {
    const copy = structuredClone(body);
    for (const { place, next } of changes) put(copy, place, next);
    return copy;
  });
}

export { words };
