/**
 * Makes `api/competence/communes.txt`, the changes of commune codes, from copies of the open-data package
 * `@etalab/decoupage-administratif` (INSEE, Code officiel géographique): the last one that holds INSEE's history of
 * communes, with dates, then one for each later year, whose differences date from 1 January of that year.
 *
 * `./hub exec node ops/competence/communes.ts HISTORY YEAR=FOLDER…`: folders of unpacked packages, oldest first; the
 * first YEAR is that of the history.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { projectFolder } from '#ops/place.ts';

interface Past {
  id: string;
  code: string;
  type: string;
  dateDebut?: string;
  dateFin?: string;
  successeur?: string;
  pole?: string;
}

interface Commune {
  code: string;
  type: string;
  chefLieu?: string;
  commune?: string;
  anciensCodes?: string[];
}

type Change = readonly [date: string, code: string, successor: string];

const read = <T>(folder: string, name: string): T[] =>
  JSON.parse(readFileSync(`${folder}/data/${name}.json`, 'utf8')) as T[];

/** The commune of full right that a part of another belongs to. */
function communeOf(id: string | undefined, known: ReadonlyMap<string, Past>): string | undefined {
  let record = id === undefined ? undefined : known.get(id);
  for (let depth = 0; record !== undefined && record.type !== 'COM' && depth < 5; depth += 1) {
    record = record.pole === undefined ? undefined : known.get(record.pole);
  }
  return record?.type === 'COM' ? record.code : undefined;
}

function ofHistory(folder: string): Change[] {
  const past = read<Past>(folder, 'historique-communes');
  const known = new Map(past.map((record) => [record.id, record]));
  const changes: Change[] = [];
  const ended = new Set<string>();
  for (const { code, type, dateFin, successeur } of past) {
    if (type !== 'COM' || dateFin === undefined) continue;
    const successor = communeOf(successeur, known);
    if (successor === undefined || successor === code) continue;
    changes.push([dateFin, code, successor]);
    ended.add(code);
  }
  for (const { code, type, dateDebut } of past) {
    if (type === 'COM' && dateDebut !== undefined && ended.has(code)) changes.push([dateDebut, code, code]);
  }
  return changes;
}

const codesOf = (communes: readonly Commune[]): Set<string> =>
  new Set(communes.filter(({ type }) => type === 'commune-actuelle').map(({ code }) => code));

function ofYear(year: string, before: ReadonlySet<string>, communes: readonly Commune[]): Change[] {
  const now = codesOf(communes);
  const successors = new Map<string, string>();
  for (const { code, anciensCodes = [] } of communes) for (const old of anciensCodes) successors.set(old, code);
  for (const { code, chefLieu } of communes) if (chefLieu !== undefined) successors.set(code, chefLieu);
  const date = `${year}-01-01`;
  const gone = [...before].filter((code) => !now.has(code));
  const back = [...now].filter((code) => !before.has(code));
  return [
    ...gone.map((code): Change => {
      const successor = successors.get(code);
      if (successor === undefined) throw new Error(`commune ${code} is gone in ${year}, and no commune names it`);
      return [date, code, successor];
    }),
    ...back.map((code): Change => [date, code, code]),
  ];
}

function main([history, ...years]: string[]): void {
  if (history === undefined || years.length === 0) throw new Error('usage: HISTORY YEAR=FOLDER…');
  const changes = ofHistory(history);
  let before = codesOf(read<Commune>(history, 'communes'));
  let parts: Commune[] = [];
  for (const given of years) {
    const [year, folder] = given.split('=') as [string, string];
    const communes = read<Commune>(folder, 'communes');
    changes.push(...ofYear(year, before, communes));
    before = codesOf(communes);
    parts = communes.filter(({ type }) => type === 'arrondissement-municipal');
  }
  const lines = [
    '# Changes of commune codes: a date, then each code with its successor; a code that succeeds itself is back.',
    '# Lines of the form « parts COMMUNE: codes » name the municipal arrondissements of Paris, Lyon and Marseille.',
    `# Source: INSEE, Code officiel géographique (Licence Ouverte 2.0), by @etalab/decoupage-administratif ${versions(history, years)}.`,
    '# Made by ops/competence/communes.ts; not to be edited.',
  ];
  for (const [commune, arrondissements] of Map.groupBy(parts, ({ commune }) => commune as string)) {
    lines.push(`parts ${commune}: ${arrondissements.map(({ code }) => code).join(' ')}`);
  }
  const back = new Set(changes.filter(([, code, next]) => code === next).map(([date, code]) => date + code));
  const kept = changes.filter(([date, code, next]) => code === next || !back.has(date + code));
  const dates = Map.groupBy(
    kept.sort((a, b) => (a.join() < b.join() ? -1 : 1)),
    ([date]) => date,
  );
  for (const [date, of] of dates) lines.push(`${date} ${of.map(([, code, next]) => `${code}>${next}`).join(' ')}`);
  writeFileSync(`${projectFolder}/api/competence/communes.txt`, `${lines.join('\n')}\n`);
}

function versions(history: string, years: readonly string[]): string {
  const folders = [history, ...years.map((given) => given.split('=')[1] as string)];
  return folders.map((folder) => JSON.parse(readFileSync(`${folder}/package.json`, 'utf8')).version).join(', ');
}

main(process.argv.slice(2));
