import { readFileSync } from 'node:fs';

/** A commune of the open-data package that has a SIREN. */
export interface Commune {
  /** INSEE code, five characters. */
  code: string;
  name: string;
  siren: string;
  population: number;
  postalCode: string;
  /** Code of its département. */
  departement: string;
}

export interface Departement {
  code: string;
  name: string;
  /** INSEE code of its chef-lieu. */
  seat: string;
}

/** An inter-municipal body (EPCI à fiscalité propre); its code is its SIREN. */
export interface Epci {
  siren: string;
  name: string;
  population: number;
  /** INSEE code of its first listed member. */
  member: string;
}

interface RawCommune {
  code: string;
  nom: string;
  type: string;
  siren?: string;
  population?: number;
  codesPostaux?: string[];
  departement: string;
}

interface RawEpci {
  code: string;
  nom: string;
  populationMunicipale: number;
  membres: { code: string }[];
}

/** Communes of today with a SIREN and a postal code, the most populous first; equal ones by INSEE code. */
export function readCommunes(): Commune[] {
  const communes: Commune[] = [];
  for (const raw of openData<RawCommune>('communes')) {
    const postalCode = raw.codesPostaux?.[0];
    if (raw.type !== 'commune-actuelle' || !raw.siren || !raw.population || !postalCode) continue;
    const { code, nom: name, siren, population, departement } = raw;
    communes.push({ code, name, siren, population, postalCode, departement });
  }
  return communes.sort((a, b) => b.population - a.population || (a.code < b.code ? -1 : 1));
}

/** The 101 départements; the other territories of the package have none. */
export function readDepartements(): Departement[] {
  return openData<{ code: string; nom: string; chefLieu: string; zone: string }>('departements')
    .filter((raw) => raw.zone !== 'com')
    .map((raw) => ({ code: raw.code, name: raw.nom, seat: raw.chefLieu }));
}

/** Every EPCI, the most populous first; equal ones by SIREN. */
export function readEpci(): Epci[] {
  return openData<RawEpci>('epci')
    .map((raw) => ({
      siren: raw.code,
      name: raw.nom,
      population: raw.populationMunicipale,
      member: raw.membres[0]?.code ?? '',
    }))
    .sort((a, b) => b.population - a.population || (a.siren < b.siren ? -1 : 1));
}

// The package's own entry point opens its files relative to the current folder, so its data files are read directly.
function openData<T>(file: string): T[] {
  const url = import.meta.resolve(`@etalab/decoupage-administratif/data/${file}.json`);
  return JSON.parse(readFileSync(new URL(url), 'utf8')) as T[];
}
