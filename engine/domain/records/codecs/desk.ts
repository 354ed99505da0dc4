import type { PurgeSettings } from '../../commands/contents.ts';
import type { Assignment, Pending } from '../desk.ts';
import type { EventState } from '../event.ts';
import { orNull, type Row, trim } from './field.ts';

const purgeRow = (purge: PurgeSettings): Row => [purge.status, purge.fileDays, purge.archiveDays, purge.deleteDays];
function purgeOf(row: Row): PurgeSettings {
  const [status, fileDays, archiveDays, deleteDays] = row as [PurgeSettings['status'], number, number, number];
  return { status, fileDays, archiveDays, deleteDays };
}

/** @param encodeEvent of the case's codec, which this one is a part of */
export const pendingRow = (pending: Pending | undefined, encodeEvent: (event: EventState) => Row): Row | null =>
  pending === undefined
    ? null
    : trim([pending.due, pending.version, purgeRow(pending.purge), pending.events.map(encodeEvent), pending.agent]);

export function pendingOf(value: unknown, decodeEvent: (row: Row) => EventState): { pending?: Pending } {
  if (value === null || value === undefined) return {};
  const [due, version, purge, events, agent] = value as [number, string, Row, Row[], unknown];
  return { pending: { due, version, purge: purgeOf(purge), events: events.map(decodeEvent), agent: orNull(agent) } };
}

/** @param base moment the case was shown, from which its own are counted: shorter */
export const assignmentRow = (assignment: Assignment | undefined, base: number | null): Row | null =>
  assignment === undefined ? null : trim([assignment.at - (base ?? 0), assignment.by, assignment.agent]);

export function assignmentOf(value: unknown, base: number | null): { assignment?: Assignment } {
  if (value === null || value === undefined) return {};
  const [at, by, agent] = value as [number, Assignment['by'], unknown];
  return { assignment: { at: at + (base ?? 0), by, agent: orNull(agent) } };
}
