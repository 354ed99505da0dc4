/** A form that was not sent: which, what is wrong with it, and what was typed. */
import type { Conflict } from './conflict.ts';

export interface Fault {
  /** id of the field; that of the form when it is none in particular */
  field: string;
  message: string;
}

export interface Unsent {
  /** name of the form */
  from: string;
  errors: Fault[];
  typed: Record<string, string[]>;
  /** what happened to the case meanwhile */
  conflict?: Conflict;
  /** it was a decision, and was taken back before it left */
  undone?: true;
  /** that were chosen with it, and need not be chosen again */
  files?: { id: string; name: string; size: number }[];
}

/** Fields that say where a case stood, not what an agent wrote. */
const PASSING = new Set(['depuis', 'puis', 'garde']);
const MOST_FIELDS = 60;
/** Ten times what any message may hold, so that one that is too long comes back whole. */
const LONGEST = 10_000;

/** What is worth keeping of a form's texts. */
export function typedOf(fields: Iterable<[name: string, value: unknown]>): Record<string, string[]> {
  const typed: Record<string, string[]> = {};
  let count = 0;
  for (const [name, value] of fields) {
    if (typeof value !== 'string' || PASSING.has(name) || name.startsWith('_') || count >= MOST_FIELDS) continue;
    typed[name] = [...(Object.hasOwn(typed, name) ? typed[name]! : []), value.slice(0, LONGEST)];
    count++;
  }
  return typed;
}

/** Whether an agent wrote or ticked anything: where a button alone was pressed there is nothing to find again. */
export const isWritten = ({ typed }: Pick<Unsent, 'typed'>): boolean =>
  Object.entries(typed).some(([name, values]) => name !== 'etat' && values.some(Boolean));

/** What was typed in one field of one form. */
export const typedIn = (unsent: Unsent | null | undefined, from: string, field: string): string =>
  unsent?.from === from ? (unsent.typed[field]?.[0] ?? '') : '';

/** What is wrong with one field of one form. */
export const faultIn = (unsent: Unsent | null | undefined, from: string, field: string): string | undefined =>
  unsent?.from === from ? unsent.errors.find((one) => one.field === field)?.message : undefined;
