import type { Identity } from '../wire.ts';
import { departementSirens } from './departements.ts';
import { headOffice } from './luhn.ts';
import { operators } from './operators.ts';
import type { Commune } from './places.ts';
import { readCommunes, readDepartements, readEpci } from './places.ts';
import { fictitiousSiren } from './senders.ts';

export type RecipientKind = 'commune' | 'departement' | 'epci' | 'operator';

/** An organisation of type SI that receives cases. */
export interface Recipient {
  kind: RecipientKind;
  /** INSEE code of a commune, code of a département, SIREN of an EPCI, code of an operator. */
  code: string;
  name: string;
  identity: Identity;
  /** Inhabitants; for an operator, its weight. */
  population: number;
  postalCode: string;
  /** Name of the département, or `France`. */
  territory: string;
  email: string;
}

/** Recipients of the platform in the founding document's figures (contract section 13). */
export const recipientTotal = 9_200;
export const communeTotal = 8_000;

/** By kind, each list with the most populous (or most chosen) first. */
export interface France {
  communes: readonly Recipient[];
  departements: readonly Recipient[];
  epci: readonly Recipient[];
  operators: readonly Recipient[];
}

/** Builds the demo's 9,200 recipients from the open data: communes, every département, operators, then EPCI up to the total. */
export function buildFrance(): France {
  const every = readCommunes();
  const byCode = new Map(every.map((commune) => [commune.code, commune]));
  const names = new Map(readDepartements().map((one) => [one.code, one.name]));
  const departements = buildDepartements(every, byCode);
  const thirty = operators.map(buildOperator);
  const epciTotal = recipientTotal - communeTotal - departements.length - thirty.length;
  return {
    communes: every.slice(0, communeTotal).map((commune) => buildCommune(commune, names)),
    departements,
    epci: buildEpci(byCode, names).slice(0, epciTotal),
    operators: thirty,
  };
}

export function everyRecipient(france: France): Recipient[] {
  return [...france.communes, ...france.departements, ...france.epci, ...france.operators];
}

function buildCommune(commune: Commune, departements: ReadonlyMap<string, string>): Recipient {
  return {
    kind: 'commune',
    code: commune.code,
    name: `Mairie – ${commune.name}`,
    identity: identity(commune.siren, commune.code),
    population: commune.population,
    postalCode: commune.postalCode,
    territory: departements.get(commune.departement) ?? commune.departement,
    email: `mairie.${commune.code.toLowerCase()}@communes-demo.test`,
  };
}

function buildDepartements(communes: readonly Commune[], byCode: ReadonlyMap<string, Commune>): Recipient[] {
  const inhabitants = new Map<string, number>();
  for (const one of communes)
    inhabitants.set(one.departement, (inhabitants.get(one.departement) ?? 0) + one.population);
  const holders = Object.values(departementSirens);
  return readDepartements()
    .map((departement): Recipient => {
      const siren = departementSirens[departement.code];
      if (siren === undefined) throw new Error(`no SIREN for département ${departement.code}`);
      // One collectivity may hold two départements (Corse, Alsace), or a commune's SIREN too (Paris): the counter tells them apart.
      const shared = holders.filter((other) => other === siren).length > 1;
      return {
        kind: 'departement',
        code: departement.code,
        name: `Conseil départemental – ${departement.name}`,
        identity: identity(siren, shared ? departement.seat : '00000'),
        population: inhabitants.get(departement.code) ?? 0,
        postalCode: byCode.get(departement.seat)?.postalCode ?? '00000',
        territory: departement.name,
        email: `solidarites.${departement.code.toLowerCase()}@departements-demo.test`,
      };
    })
    .sort((a, b) => b.population - a.population);
}

function buildEpci(byCode: ReadonlyMap<string, Commune>, departements: ReadonlyMap<string, string>): Recipient[] {
  return readEpci().map((epci) => {
    const member = byCode.get(epci.member);
    return {
      kind: 'epci',
      code: epci.siren,
      name: epci.name.slice(0, 100),
      identity: identity(epci.siren, '00000'),
      population: epci.population,
      postalCode: member?.postalCode ?? '00000',
      territory: departements.get(member?.departement ?? '') ?? 'France',
      email: `urbanisme.${epci.siren}@epci-demo.test`,
    };
  });
}

function buildOperator(operator: (typeof operators)[number], index: number): Recipient {
  return {
    kind: 'operator',
    code: operator.code,
    name: operator.name,
    identity: identity(fictitiousSiren(index + 1), '00000'),
    population: operator.weight,
    postalCode: '75001',
    territory: 'France',
    email: `demarches@${operator.code.toLowerCase()}-demo.test`,
  };
}

function identity(siren: string, branchCode: string): Identity {
  return { type: 'SI', companyRegister: headOffice(siren), branchCode };
}
