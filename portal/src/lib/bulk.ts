/** What can be done to many cases at once. */
import { acknowledgement, isFresh, type Rules, steps, type Target, targets } from './transitions.ts';

export const ACTS = ['accuser', 'traiter', 'refuser', 'attribuer'] as const;
export type Act = (typeof ACTS)[number];

export const isAct = (text: string): text is Act => (ACTS as readonly string[]).includes(text);

/** The status an act leads a case to; undefined: it cannot be done to it. */
export function targetOf(act: Act, rules: Rules, status: string): Target | undefined {
  const wanted: Record<Act, Target | undefined> = {
    accuser: isFresh(status) ? acknowledgement(rules.code) : undefined,
    traiter: 'DONE',
    refuser: 'REFUSED',
    attribuer: undefined,
  };
  const target = wanted[act];
  return target !== undefined && targets(rules, status).includes(target) ? target : undefined;
}

/** Acts a case can take, attribution always among them. */
export const actsOf = (rules: Rules, status: string): Act[] =>
  ACTS.filter((act) => act === 'attribuer' || targetOf(act, rules, status) !== undefined);

export interface Group {
  processCode: string;
  status: string;
  cases: number;
}

export interface Planned {
  processCode: string;
  status: string;
  to: Target[];
  /** of this organisation only; absent: of any */
  organization?: string;
  /** what each of these cases is told, with the hub's `{numero}` and `{recu}` */
  letter?: string;
}

/** New statuses by démarche and status; groups that are in none are excluded. */
export function planOf(act: Act, groups: readonly Group[], rulesOf: (code: string) => Rules): Planned[] {
  return groups.flatMap(({ processCode, status }) => {
    const rules = rulesOf(processCode);
    const target = targetOf(act, rules, status);
    return target === undefined ? [] : [{ processCode, status, to: steps(rules, status, target) }];
  });
}
