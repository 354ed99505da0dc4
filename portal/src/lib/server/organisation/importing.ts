/** Invitations from a file: what each line asks for, and what becomes of it. */
import { parse } from 'csv-parse/sync';
import { HubProblem } from '#lib/server/hub/call.ts';
import { type Colleague, inviteAgent, type Named, type Rights } from '#lib/server/hub/staff.ts';
import { importText } from '#lib/text/importing.ts';
import { given } from './named.ts';

/** Lines of one file: the API is asked once for each, and an e-mail goes with each. */
export const MOST_LINES = 200;
export const MOST_BYTES = 64 * 1024;
const LONGEST = 100;
const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,250}\.[^\s@.]{2,}$/;

const ROLES: Readonly<Record<string, Rights['role']>> = {
  '': 'agent',
  agent: 'agent',
  administrateur: 'administrator',
  administratrice: 'administrator',
  délégué: 'delegate',
  déléguée: 'delegate',
  delegue: 'delegate',
};

/** What a column may be called, without accents, in small letters. */
const COLUMNS: Readonly<Record<string, keyof Cells>> = {
  email: 'email',
  courriel: 'email',
  'adresse electronique': 'email',
  prenom: 'givenName',
  nom: 'familyName',
  qualite: 'quality',
  service: 'service',
  role: 'role',
  demarches: 'processes',
  demarche: 'processes',
};

interface Cells {
  email: string;
  givenName: string;
  familyName: string;
  quality: string;
  service: string;
  role: string;
  processes: string;
}

/** `ready` is invited; `present` and `twice` need nothing; `wrong` is to be corrected; the others are what came of it. */
export type State = 'ready' | 'present' | 'twice' | 'wrong' | 'invited' | 'failed';

export interface Line {
  /** in the file, from 1 */
  number: number;
  email: string;
  who: string;
  role: Rights['role'] | null;
  /** null: all */
  processes: string[] | null;
  state: State;
  /** what is said of it */
  words: string;
}

interface Wish extends Line {
  rights?: Rights;
  named: Named;
}

export interface Office {
  staff: readonly Pick<Colleague, 'email'>[];
  /** codes of its démarches */
  known: readonly string[];
  /** its agents sign in by passkeys: nobody else says their names */
  passkeys: boolean;
}

/** Tables of French spreadsheets are often not UTF-8. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

const plain = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/\s+/g, ' ').trim().toLowerCase();

/** The lines of a file, or the sentence that says why there are none. */
export function readLines(text: string, office: Office): Wish[] | string {
  let rows: string[][];
  try {
    rows = parse(text, {
      bom: true,
      delimiter: [';', ',', '\t'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch {
    return importText.unreadable;
  }
  const [head = [], ...body] = rows;
  const columns = head.map((name) => COLUMNS[plain(name)]);
  if (!columns.includes('email')) return importText.noEmail;
  const filled = body.map((cells, index) => ({ cells, number: index + 2 })).filter(({ cells }) => cells.some(Boolean));
  if (filled.length === 0) return importText.empty;
  if (filled.length > MOST_LINES) return importText.tooMany;
  const seen = new Set<string>();
  const present = new Set(office.staff.map(({ email }) => email.toLowerCase()));
  return filled.map(({ cells, number }) => {
    const line = lineOf(named(columns, cells), number, office);
    const key = line.email.toLowerCase();
    const again = seen.has(key);
    seen.add(key);
    if (line.state !== 'ready') return line;
    if (present.has(key)) return { ...line, state: 'present', words: importText.present };
    return again ? { ...line, state: 'twice', words: importText.twice } : line;
  });
}

function named(columns: readonly (keyof Cells | undefined)[], row: readonly string[]): Cells {
  const cells: Cells = {
    ...{ email: '', givenName: '', familyName: '', quality: '' },
    ...{ service: '', role: '', processes: '' },
  };
  for (const [index, name] of columns.entries()) if (name) cells[name] = (row[index] ?? '').replace(/\s+/g, ' ').trim();
  return cells;
}

function lineOf(cells: Cells, number: number, office: Office): Wish {
  const { email, givenName, familyName, quality, service } = cells;
  const role = ROLES[cells.role.toLowerCase()] ?? null;
  const codes = cells.processes.split(/[\s,]+/).filter(Boolean);
  const all = codes.some((code) => plain(code) === 'toutes');
  const processes = all ? null : [...new Set(codes.map((code) => office.known.find(same(code)) ?? code))];
  const unknown = processes?.find((code) => !office.known.includes(code));
  const words = [
    ...(EMAIL.test(email) ? [] : [importText.badEmail]),
    ...(office.passkeys && !(givenName && familyName) ? [importText.badName] : []),
    ...(role === null ? [importText.badRole] : []),
    ...(unknown === undefined ? [] : [importText.badProcess(unknown.slice(0, LONGEST))]),
    ...(processes?.length === 0 ? [importText.noProcess] : []),
    ...([givenName, familyName, quality, service].some(({ length }) => length > LONGEST) ? [importText.tooLong] : []),
  ];
  const line: Line = {
    ...{ number, email: email.slice(0, 320), who: `${givenName} ${familyName}`.trim(), role, processes },
    state: words.length > 0 ? 'wrong' : 'ready',
    words: words.join(', '),
  };
  const who = given({ givenName, familyName, quality, service });
  return { ...line, named: who, ...(role !== null && { rights: { role, processCodes: processes } }) };
}

const same = (code: string) => (known: string) => known.toLowerCase() === code.toLowerCase();

/** Invites those who are ready, one after the other. Done again, it invites who was not yet. */
export async function inviteAll(token: string, lines: readonly Wish[]): Promise<Line[]> {
  const done: Line[] = [];
  for (const { rights, named: who, ...line } of lines) done.push(await invited(token, line, rights, who));
  return done;
}

async function invited(token: string, line: Line, rights: Rights | undefined, who: Named): Promise<Line> {
  if (line.state !== 'ready' || rights === undefined) return line;
  try {
    await inviteAgent(token, line.email, rights, who);
    return { ...line, state: 'invited', words: '' };
  } catch (error) {
    if (!(error instanceof HubProblem)) throw error;
    // Another administrator was quicker, or an answer was lost: it is done.
    if (error.code === 'agent-exists') return { ...line, state: 'present', words: importText.present };
    if (error.code === 'form-invalid') return { ...line, state: 'wrong', words: importText.badEmail };
    return { ...line, state: 'failed', words: importText.failed };
  }
}

/** What a page shows of lines. */
export const shown = (lines: readonly (Line | Wish)[]): Line[] =>
  lines.map(({ number, email, who, role, processes, state, words }) => ({
    ...{ number, email, who, role, processes, state, words },
  }));
