import type { Identity } from '../wire.ts';
import { headOffice, luhnKey } from './luhn.ts';

/** An operator of online services (contract section 12): organisation of type OSL. */
export interface Sender {
  code: 'DILA' | 'DGS' | 'CNAF' | 'SNATED';
  name: string;
  identity: Identity;
  postalCode: string;
  territory: string;
}

/**
 * A number that passes the Luhn check but belongs to nobody: no SIREN of the demo but these starts with 9990.
 * For organisations whose real number the open data at hand does not give.
 */
export function fictitiousSiren(serial: number): string {
  const digits = `9990${String(serial).padStart(4, '0')}`;
  return digits + luhnKey(digits);
}

/** DILA's SIREN is the real one; the three others are fictitious. */
export const senders: readonly Sender[] = [
  sender('DILA', 'Direction de l’information légale et administrative', '130009186', '75015', 'Paris'),
  sender('DGS', 'Direction générale de la santé', fictitiousSiren(9001), '75007', 'Paris'),
  sender('CNAF', 'Caisse nationale des allocations familiales', fictitiousSiren(9002), '75014', 'Paris'),
  sender(
    'SNATED',
    'Service national d’accueil téléphonique de l’enfance en danger',
    fictitiousSiren(9003),
    '75017',
    'Paris',
  ),
];

export function senderOf(code: Sender['code']): Sender {
  return senders.find((one) => one.code === code) as Sender;
}

function sender(code: Sender['code'], name: string, siren: string, postalCode: string, territory: string): Sender {
  const identity = { type: 'OSL', companyRegister: headOffice(siren), branchCode: '00000' };
  return { code, name, identity, postalCode, territory };
}
