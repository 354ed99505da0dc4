/** What an agent may make of a case, by démarche and status (contract §8.2 and §12). The hub itself enforces less. */

export type Target = 'SI_RECEIVED' | 'IN_PROGRESS' | 'ADD_AWAITING' | 'DONE' | 'REFUSED' | 'SI_INTG_ERROR';

/** Démarches whose first step is « en cours »: the workflow sheet's `mid`. */
const PROGRESS_FIRST = new Set([
  'CERTDC',
  'RSABEI-RSABAI',
  'RSABEM-RSABAM',
  'RSABEX-RSABAX',
  'RSAFIM',
  'RSAFIX',
  'RSACTM',
  'IRSACG-IRSDCG',
  'MSABEI',
  'MSABEM',
  'MSABEX',
  'MSAFIM',
  'GRO',
  'DSG',
  'SGR',
  'CAF-contact',
  'ContactsAllocataires-BRSA',
  'RSA',
  'SNATED',
]);

const FRESH = ['HUBEE_NOTIFIED', 'SENT'];
const OPEN = [...FRESH, 'HUBEE_COMPLETED', 'SI_RECEIVED', 'IN_PROGRESS', 'ADD_AWAITING'];

/** Statuses from which each may come; those that `via` names take the acknowledgement first. */
const PREDECESSORS: Readonly<Record<Target, readonly string[]>> = {
  SI_RECEIVED: [...FRESH, 'HUBEE_COMPLETED'],
  IN_PROGRESS: [...FRESH, 'HUBEE_COMPLETED', 'SI_RECEIVED', 'ADD_AWAITING'],
  ADD_AWAITING: ['SI_RECEIVED', 'IN_PROGRESS', ...FRESH],
  DONE: OPEN,
  REFUSED: OPEN,
  SI_INTG_ERROR: OPEN,
};

/** These tell the other side something it must understand. */
const EXPLAINED: readonly Target[] = ['REFUSED', 'ADD_AWAITING', 'SI_INTG_ERROR'];

export interface Rules {
  code: string;
  authorizedAwaiting: boolean | null;
}

/** What cannot be taken back once it has left: it waits a while. An acknowledgement does not. */
export const waits = (target: Target): boolean => !(['SI_RECEIVED', 'IN_PROGRESS'] as Target[]).includes(target);
export const acknowledgement = (code: string): Target => (PROGRESS_FIRST.has(code) ? 'IN_PROGRESS' : 'SI_RECEIVED');
export const isFresh = (status: string): boolean => FRESH.includes(status);
export const isOpen = (status: string): boolean => OPEN.includes(status);
/** What is treated is late no more, whenever that was. */
export const isOverdue = (status: string, deadline: string | null, now = Date.now()): boolean =>
  deadline !== null && isOpen(status) && Date.parse(deadline) < now;
/** What the law wants an author for: name, quality and service (CRPA L. 212-1). */
export const isDecision = (target: string): boolean => target === 'DONE' || target === 'REFUSED';
export const needsMessage = (target: Target): boolean => EXPLAINED.includes(target);

/** Where this case may go from here, in the order they are offered. */
export function targets(rules: Rules, status: string): Target[] {
  return (Object.keys(PREDECESSORS) as Target[]).filter((target) => {
    if (!PREDECESSORS[target].includes(status)) return false;
    if (target === 'ADD_AWAITING') return rules.authorizedAwaiting === true && rules.code !== 'CERTDC';
    if (rules.code === 'CERTDC') return target !== 'SI_RECEIVED' && target !== 'REFUSED';
    return true;
  });
}

/** Documents may be asked for more than once: after an answer that was not enough. */
export const mayAsk = (rules: Rules, status: string): boolean =>
  rules.authorizedAwaiting === true && rules.code !== 'CERTDC' && isOpen(status);

/** A case nobody has acknowledged and that is decided at once: both steps are recorded. */
export function steps(rules: Rules, status: string, target: Target): Target[] {
  const first = acknowledgement(rules.code);
  const decides = target === 'DONE' || target === 'REFUSED' || target === 'ADD_AWAITING';
  return isFresh(status) && decides ? [first, target] : [target];
}

/** « Ce dossier ne relève pas de ma commune »: a refusal, or an error where there is no refusal. */
export const notOurs = (rules: Rules, status: string): Target | undefined =>
  (['REFUSED', 'SI_INTG_ERROR'] as const).find((target) => targets(rules, status).includes(target));
