/** An absence as its form says it, and as pages show it. */
import { day } from '#lib/format/date.ts';
import { type Absence, putAbsence } from '#lib/server/hub/absences.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { type Peer, peers } from '#lib/server/hub/desk.ts';
import type { Colleague } from '#lib/server/hub/staff.ts';
import { absenceText } from '#lib/text/absences.ts';
import { whoIs } from './who.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LONGEST_MS = 366 * 86_400_000;

export interface Typed {
  from: string;
  to: string;
  substitute: string;
}

export interface ShownAbsence {
  /** « Du … au …, remplacement par … » */
  sentence: string;
  typed: Typed;
}

export const typedAbsence = (form: FormData): Typed => ({
  from: String(form.get('premier') ?? ''),
  to: String(form.get('dernier') ?? ''),
  substitute: String(form.get('collegue') ?? ''),
});

interface Mistake {
  field: string;
  message: string;
}

/** @param today `2026-12-24` in Paris */
export function faultsOf({ from, to, substitute }: Typed, today: string): Mistake[] {
  const faults: Mistake[] = [];
  if (!DAY.test(from)) faults.push({ field: 'premier', message: absenceText.missingFrom });
  if (!DAY.test(to)) faults.push({ field: 'dernier', message: absenceText.missingTo });
  else if (DAY.test(from) && to < from) faults.push({ field: 'dernier', message: absenceText.order });
  else if (to < today) faults.push({ field: 'dernier', message: absenceText.past });
  else if (Date.parse(to) - Date.parse(from) > LONGEST_MS)
    faults.push({ field: 'dernier', message: absenceText.tooLong });
  if (!substitute) faults.push({ field: 'collegue', message: absenceText.missingSubstitute });
  return faults;
}

/** What is wrong; none: it is written down. @param whose id of the agent who is away */
export async function writeAbsence(token: string, whose: string, typed: Typed, today: string): Promise<Mistake[]> {
  const faults = faultsOf(typed, today);
  if (faults.length > 0) return faults;
  const { from, to, substitute } = typed;
  try {
    await putAbsence(token, whose, { from, to, substituteId: substitute });
    return [];
  } catch (error) {
    if (!(error instanceof HubProblem) || error.code !== 'form-invalid') throw error;
    return [{ field: 'collegue', message: absenceText.refused }];
  }
}

export interface AbsencePage {
  absence: ShownAbsence | null;
  /** who may stand in */
  colleagues: { id: string; label: string }[];
}

/** What the form of an agent's absence shows. */
export async function absencePage(token: string, whose: string): Promise<AbsencePage> {
  const all = await peers(token);
  const own = all.find(({ id }) => id === whose)?.absence ?? null;
  const nameOf = (id: string): string => all.find((one) => one.id === id)?.name ?? '';
  return {
    absence: own && {
      sentence:
        own.from === own.to
          ? absenceText.oneDay(day(own.from), nameOf(own.substituteId))
          : absenceText.now(day(own.from), day(own.to), nameOf(own.substituteId)),
      typed: { from: own.from, to: own.to, substitute: own.substituteId },
    },
    colleagues: all
      .filter(({ id }) => id !== whose)
      .map((one) => ({ id: one.id, label: labelOf(one) }))
      .sort((a, b) => a.label.localeCompare(b.label, 'fr')),
  };
}

const labelOf = ({ name, absence }: Peer): string =>
  absence === null ? name : absenceText.awayToo(name, day(absence.to));

/** Made once: making it costs as much as a hundred dates. */
const inParis = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris', dateStyle: 'short' });

/** The day it is in Paris. */
export const todayInParis = (now = new Date()): string => inParis.format(now);

/** « En absence jusqu’au … », for a colleague in the list of agents; '' : there. */
export function awayOf(absence: Absence | null, staff: readonly Colleague[], today = todayInParis()): string {
  if (absence === null || today < absence.from) return '';
  const substitute = staff.find(({ id }) => id === absence.substituteId);
  return absenceText.away(day(absence.to), substitute ? whoIs(substitute) : '');
}
