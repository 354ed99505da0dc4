import { acknowledged, type Entry, type History, type Note } from './history.ts';

/** When something was asked for the first time, and when it was first known to be done. */
interface Span {
  sent: number;
  done: number;
}

export const nameOf = (note: Pick<Note, 'case' | 'event'>): string => note.event ?? note.case;

/** By what a notification speaks of: the deposit of its case, or its event. */
export function spansOf(history: History): Map<string, Span> {
  const spans = new Map<string, Span>();
  const add = (name: string | undefined, entry: Entry): void => {
    if (name === undefined) return;
    const known = spans.get(name);
    const done = acknowledged(entry) ? entry.done : Number.POSITIVE_INFINITY;
    spans.set(name, {
      sent: Math.min(entry.sent, known?.sent ?? entry.sent),
      done: Math.min(done, known?.done ?? done),
    });
  };
  for (const entry of history.deliveries) add(entry.case, entry);
  for (const entry of history.of('event')) add(entry.event, entry);
  return spans;
}

/** Notifications listed after one that was asked for only when they had been acknowledged. */
export function reordered(
  list: readonly Pick<Note, 'case' | 'event'>[],
  spans: ReadonlyMap<string, Span>,
): [before: string, after: string][] {
  const wrong: [string, string][] = [];
  let latest: Span | undefined;
  let before = '';
  for (const note of list) {
    const span = spans.get(nameOf(note));
    if (span === undefined) continue;
    if (latest !== undefined && span.done < latest.sent) wrong.push([before, nameOf(note)]);
    if (latest === undefined || span.sent > latest.sent) {
      latest = span;
      before = nameOf(note);
    }
  }
  return wrong;
}
