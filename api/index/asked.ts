import { isDay } from '#api/competence/day.ts';
import { textOf } from '#api/native/asked.ts';
import { readDate } from '#api/schemas/dates.ts';
import { Problem } from '#api/server/problems.ts';
import type { Request } from '#api/server/types.ts';
import { dayStart } from '#engine/domain/calendar.ts';
import { fromUuid, type Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { CASE_STATUSES, type CaseStatus } from '#engine/domain/records/case.ts';
import { type Question, wordsOf } from './question.ts';
import { reachesOf } from './reach.ts';
import { SORTS, type Sort } from './tables.ts';
import { rankOf, ranksOf, VIEWS } from './views.ts';

/** Longest search, characters. */
export const SEARCH_LENGTH = 200;
const DATE_LENGTH = 40;
/** Farthest deadline one may ask for: a year, hours. */
export const MOST_HOURS = 8_784;
const HOUR_MS = 3_600_000;
const DAY_LENGTH = 'YYYY-MM-DD'.length;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

const wrong = (name: string, expected: string): Problem =>
  new Problem('form-invalid', `Paramètre ${name} : ${expected}.`);

/** One of these words, else a problem. */
function oneOf<T extends string>(request: Pick<Request, 'query'>, name: string, words: readonly T[], fallback: T): T {
  const word = textOf(request, name, SEARCH_LENGTH) ?? fallback;
  const found = words.find((one) => one === word);
  if (found === undefined) throw wrong(name, `un de ces mots est attendu : ${words.join(', ')}`);
  return found;
}

/** A moment, or a day in Paris: its start, or with `days` the start of one after it. */
function momentOf(request: Pick<Request, 'query'>, name: string, days: number): number | null {
  const text = textOf(request, name, DATE_LENGTH);
  if (text === undefined) return null;
  if (text.length === DAY_LENGTH && DAY.test(text) && isDay(text))
    return dayStart(Date.parse(`${text}T12:00:00Z`), days);
  const ms = readDate(text);
  if (ms === undefined) throw wrong(name, 'un jour (2026-03-01) ou une date et heure (RFC 3339) est attendu');
  return ms;
}

function ranksAsked(request: Pick<Request, 'query'>): number[] | undefined {
  const asked = request.query.list('status');
  if (asked.length === 0) return undefined;
  return asked.map((text) => {
    const rank = rankOf(text as CaseStatus);
    if (rank < 0) throw wrong('status', `un statut est attendu : ${CASE_STATUSES.join(', ')}`);
    return rank;
  });
}

/** Hours until a deadline; null: whatever it is. */
function withinOf(request: Pick<Request, 'query'>): number | null {
  const text = textOf(request, 'dueWithin', DATE_LENGTH);
  if (text === undefined) return null;
  const hours = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (hours < 1 || hours > MOST_HOURS) throw wrong('dueWithin', `un nombre d’heures de 1 à ${MOST_HOURS} est attendu`);
  return hours;
}

/** `none`, `me` for an agent, or an id. */
function assigneeOf(request: Pick<Request, 'query' | 'agent'>): string | null {
  const text = textOf(request, 'assignee', DATE_LENGTH);
  if (text === undefined) return null;
  if (text === 'none') return '';
  const id = text === 'me' ? request.agent?.state.id : fromUuid(text);
  if (id === undefined) throw wrong('assignee', 'none, me ou l’identifiant d’un agent est attendu');
  return id;
}

/** What a list is asked for. @param now ms, by which a deadline is past @param replacing whose cases an agent has beside its own @throws Problem; DomainError 403 */
export function questionOf(
  request: Pick<Request, 'query' | 'caller' | 'agent'>,
  now: number,
  replacing: (agent: Id, org: OrgKey) => readonly Id[],
): Question {
  const assignee = assigneeOf(request);
  const reaches = reachesOf(request).map((reach) => {
    const absent = assignee ? replacing(assignee as Id, reach.org) : [];
    return absent.length === 0 ? reach : { ...reach, absent };
  });
  const view = oneOf(request, 'view', VIEWS, 'all');
  const ofView = ranksOf(view);
  const asked = ranksAsked(request);
  const statuses = ofView === undefined ? (asked ?? null) : ofView.filter((rank) => asked?.includes(rank) ?? true);
  const hours = withinOf(request);
  const text = textOf(request, 'q', SEARCH_LENGTH);
  const words = text === undefined ? [] : wordsOf(text);
  if (text !== undefined && words.length === 0) throw wrong('q', 'au moins une lettre ou un chiffre est attendu');
  return {
    reaches,
    statuses: statuses === null ? null : [...new Set(statuses)],
    open: view === 'overdue' || hours !== null ? true : null,
    from: momentOf(request, 'from', 0),
    to: momentOf(request, 'to', 1),
    overdue: view === 'overdue' ? now : hours && now + hours * HOUR_MS,
    soon: hours && now,
    unread: oneOf(request, 'unread', ['true', 'false'], 'false') === 'true',
    assignee,
    words,
    sort: oneOf(request, 'sort', Object.keys(SORTS) as Sort[], 'received'),
    descending: oneOf(request, 'order', ['asc', 'desc'], 'asc') === 'desc',
  };
}
