import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './actors.ts';
import { crowd } from './crowd.ts';
import type { Software } from './traffic/software.ts';

/** Milliseconds between two looks at the desk, and cases taken at a time. */
const lookMs = 500;
const armful = 200;

/** A treatment that failed is tried again after this. Milliseconds. */
const againMs = 30_000;

/** Has the recipients' agents finish the cases whose time has come, at most `width` at once, until the signal. */
export async function tendDesk(stage: Stage, software: ReadonlyMap<string, Software>, width: number): Promise<void> {
  const { desk, tally, signal } = stage;
  while (!signal.aborted) {
    const due = desk.takeDue(Date.now(), armful);
    await crowd(due, width, async (treatment) => {
      if (signal.aborted) return desk.add(treatment);
      try {
        await software.get(treatment.key)?.treat(treatment);
      } catch (error) {
        if (!signal.aborted) tally.fail(error);
        desk.add({ ...treatment, due: Date.now() + againMs });
      }
    });
    if (due.length < armful) await sleep(lookMs, undefined, { signal }).catch(() => {});
  }
}
