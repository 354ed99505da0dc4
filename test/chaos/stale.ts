import type { Finding } from './checker.ts';
import { NEWS } from './desk.ts';
import { acknowledged, type Entry, type History, type Note, SENDER_DESK } from './history.ts';
import { nameOf } from './order.ts';

/**
 * What a list asked after an answer shows must hold what was answered, also for the moments after a fault: an older
 * state that is served and mended later leaves no trace at the end.
 */
export function stale(history: History): Finding[] {
  const deletions = Map.groupBy(history.of('delete'), ({ who }) => who);
  const completions = history.deliveries.filter(acknowledged);
  const events = history.of('event').filter(acknowledged);
  const desks = Map.groupBy(history.of('list').filter(acknowledged), ({ who }) => who);
  return Array.from(desks, ([who, lists]) => {
    const told = who === SENDER_DESK ? events : completions.filter((entry) => entry.who === who);
    return ofDesk(who, lists, told, deletions.get(who) ?? []);
  }).flat();
}

function ofDesk(who: number, lists: readonly Entry[], told: readonly Entry[], deletions: readonly Entry[]): Finding[] {
  const found: Finding[] = [];
  // each answer counts from when it was first given
  const since = new Map<string, number>();
  for (const entry of told) {
    const name = (entry.event ?? entry.case) as string;
    since.set(name, Math.min(entry.done, since.get(name) ?? entry.done));
  }
  const asked = new Map<string, number>();
  const gone = new Map<string, number>();
  for (const entry of deletions) {
    const name = nameOf(entry.note as Note);
    asked.set(name, Math.min(entry.sent, asked.get(name) ?? entry.sent));
    if (acknowledged(entry)) gone.set(name, Math.min(entry.done, gone.get(name) ?? entry.done));
  }
  for (const { list = [], sent, done } of lists) {
    const names = new Set(list.map(nameOf));
    const at = `the list of ${who} asked at ${sent.toFixed(0)} ms`;
    for (const name of names)
      if ((gone.get(name) ?? sent) < sent)
        found.push({ sort: 'lost', what: `${at} shows ${name}, whose deletion was acknowledged`, ids: [name] });
    // a full page may end before it
    if (list.length >= NEWS) continue;
    for (const [name, from] of since)
      if (from < sent && !names.has(name) && (asked.get(name) ?? done) >= done)
        found.push({ sort: 'lost', what: `${at} lacks ${name}, which was acknowledged`, ids: [name] });
  }
  return found;
}
