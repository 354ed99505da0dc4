import type { Decision } from '../../decision.ts';
import { type Id, toUuid } from '../../ids.ts';

/** A recipient asked to be told by e-mail (contract §10), with ids as it knows them; no address, no e-mail. */
export function mail(
  decision: Decision,
  to: string | null,
  { case: case_, event, process }: { case: Id; event: Id | null; process: string },
): void {
  if (to === null) return;
  const body = { to, case: toUuid(case_), event: event && toUuid(event), process };
  decision.job({ kind: 'mail', body });
}
