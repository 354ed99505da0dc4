import { type OrganizationId, type OrgKey, orgOf } from '#engine/domain/organization.ts';

/** Organisations a process has shown lately; about twice those of the country's hub, so that none is parsed twice. */
const KEPT = 20_000;

interface Shown {
  identity: OrganizationId;
  text: string;
}

const shown = new Map<OrgKey, Shown>();

function show(key: OrgKey): Shown {
  let known = shown.get(key);
  if (known === undefined) {
    const { type, companyRegister, branchCode } = orgOf(key);
    const identity = { type, companyRegister, branchCode };
    known = { identity, text: JSON.stringify(identity) };
    if (shown.size >= KEPT) shown.clear();
    shown.set(key, known);
  }
  return known;
}

/** Contract §5.1 from the key used inside; shared, so not to be changed. */
export const identityAnswer = (key: OrgKey): OrganizationId => show(key).identity;

/** The same, as JSON text. */
export const identityText = (key: OrgKey): string => show(key).text;
