/** Identity of an organisation: contract §1, §5.1. */
export interface OrganizationId {
  /** `OSL`, `SI`, `Admin`, `EDT` */
  type: string;
  /** SIRET, 14 digits */
  companyRegister: string;
  /** counter code: INSEE municipality code or `00000` */
  branchCode: string;
}

/** Text form `<type>-<companyRegister>-<branchCode>`, used as key everywhere inside the hub. */
export type OrgKey = string;

export const orgKey = (org: OrganizationId): OrgKey => `${org.type}-${org.companyRegister}-${org.branchCode}`;

/** The branch code may hold dashes (contract §5.1), the type and the SIRET may not. */
export function orgOf(key: OrgKey): OrganizationId {
  const first = key.indexOf('-');
  const second = key.indexOf('-', first + 1);
  return {
    type: key.slice(0, first),
    companyRegister: key.slice(first + 1, second),
    branchCode: key.slice(second + 1),
  };
}
