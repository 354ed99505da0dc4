import type { Things } from './things.ts';

/** Who calls the routes of the authorisation matrix, and what a line of it says. */

/** Who calls: the sender and the town an object is of, others of the same kind, the same town for another démarche. */
export const WHO = ['dgs', 'dila', 'orly', 'meaux', 'orlyCivil', 'admin', 'datapass'] as const;

/** Software of partners: `enrolPartners` says what they may do. */
export const PARTNERS = ['dgsPartner', 'dgsReader', 'dgsWriter', 'dgsOther', 'orlyPartner'] as const;

/** People who signed in: of Orly for CERTDC, of Meaux, of Orly for EtatCivil, without an organisation yet; and the portal. */
export const SIGNED_IN = ['orlyAgent', 'meauxAgent', 'orlyCivilAgent', 'agentOfNone', 'portal'] as const;

export type Caller = (typeof WHO)[number] | (typeof PARTNERS)[number] | (typeof SIGNED_IN)[number];

export interface Given {
  params?: Record<string, string>;
  json?: unknown;
  query?: string;
  bytes?: Uint8Array;
  headers?: Record<string, string>;
}

export interface Row {
  /** statuses by caller, in the order of WHO */
  expected: string;
  /** statuses in the order of PARTNERS; absent: 403, or like everybody's where all are alike */
  partners?: string;
  /** statuses in the order of SIGNED_IN; absent: the same */
  agents?: string;
  /** path parameters and body of one call, on objects of its own */
  given?(things: Things): Promise<Given>;
}

//                    DGS DILA Orly Meaux Orly(EtatCivil) ADMIN DATAPASS
export const ALL = /*     */ '200 200 200 200 200 200 200';
export const ADMIN = (ok: number): string => `403 403 403 403 403 ${ok} 403`;

let serial = 0;
/** An organisation nobody has seen. */
export const newTown = () => {
  serial += 1;
  return { type: 'SI', companyRegister: String(30_000_000_000_000 + serial), branchCode: '00000' };
};

/** What a caller is answered. */
export function statusFor({ expected, partners, agents }: Row, who: Caller): number {
  const all = expected.split(' ');
  const at = WHO.indexOf(who as (typeof WHO)[number]);
  if (at >= 0) return Number(all[at]);
  const alike = new Set(all).size === 1;
  const partner = PARTNERS.indexOf(who as (typeof PARTNERS)[number]);
  const agent = SIGNED_IN.indexOf(who as (typeof SIGNED_IN)[number]);
  const own = partner >= 0 ? partners?.split(' ')[partner] : agents?.split(' ')[agent];
  return Number(own ?? (alike ? all[0] : 403));
}
