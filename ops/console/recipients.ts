/** Organisations that receive cases, and how they are: the only names of a console, and no person's. */
import { Census } from '#api/feed/census.ts';
import { type Health, type State, stateOf } from '#api/feed/health.ts';
import type { Onlooker } from '#engine/client/onlooker.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import { NotDone } from '#ops/life.ts';

export interface RecipientRow {
  /** `SI-<SIRET>-<branch>` */
  key: string;
  name: string;
  state: State;
  /** when its software came for what is there last, by whatever channel, ms; undefined: unknown */
  lastPull: number | undefined;
  /** when the oldest of what it has not taken came, ms; undefined: it has taken all */
  oldestUnread: number | undefined;
  /** notifications it has not taken */
  unread: number;
  /** cases available for more than 48 h it has not taken */
  late: number;
  /** readers connected now */
  live: number;
  /** cases that wait for its subscription */
  held: number;
}

export interface Recipients {
  rows: readonly RecipientRow[];
  /** why there are none; '' when they are known */
  error: string;
}

export const UNKNOWN: Recipients = { rows: [], error: 'not known yet' };

/** Boxes of held cases asked for. */
const HELD = 10_000;
const RECIPIENT = 'SI';
/** Marks of letters, once they are taken apart (NFD). */
const MARKS = /\p{M}/gu;

const plain = (text: string): string => text.normalize('NFD').replace(MARKS, '').toLowerCase();

/** By key: all that receive cases. Some ten small reads each. @throws Error when Redis does not answer */
export async function readRecipients(hub: Onlooker): Promise<RecipientRow[]> {
  await hub.learn();
  const names = new Map<OrgKey, string>();
  for (const one of hub.referential.organizations()) names.set(orgKey(one), one.name);
  const nobody = { found: () => undefined };
  const census = new Census(hub, { feed: nobody, recipients: nobody });
  const [found, held] = await Promise.all([census.recipients(), heldOf(hub)]);
  if (found.length === 0 && [...names.keys()].some((key) => key.startsWith(`${RECIPIENT}-`)))
    throw new NotDone('Redis gives no answer about recipients: ./hub doctor says what is wrong');
  return await Promise.all(found.map((one) => rowOf(hub, one, names.get(one.org) ?? '', held.get(one.org) ?? 0)));
}

async function heldOf(hub: Onlooker): Promise<Map<OrgKey, number>> {
  const held = new Map<OrgKey, number>();
  for (const { org, cases } of await hub.held(HELD)) held.set(org, (held.get(org) ?? 0) + cases);
  return held;
}

async function rowOf(hub: Onlooker, { org, ...health }: Health, name: string, held: number): Promise<RecipientRow> {
  return {
    key: org,
    name,
    state: stateOf(health, hub.now()),
    lastPull: health.pulled,
    oldestUnread: health.since,
    unread: health.since === undefined ? 0 : await hub.standings.unread(org, health.acknowledged),
    late: health.late,
    live: health.live,
    held,
  };
}

/** The silent first, then those whose oldest has waited longest. */
export function slowestFirst(rows: readonly RecipientRow[]): RecipientRow[] {
  const order: Record<State, number> = { silent: 0, behind: 1, ok: 2 };
  const since = ({ oldestUnread }: RecipientRow): number => oldestUnread ?? Number.POSITIVE_INFINITY;
  return [...rows].sort(
    (a, b) => order[a.state] - order[b.state] || compared(since(a), since(b)) || compared(b.held, a.held),
  );
}

const compared = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

/** Those of a SIREN, a SIRET, a key, or whose name has all these words, accents or not. */
export function matching(rows: readonly RecipientRow[], wanted: string): RecipientRow[] {
  const digits = wanted.replace(/\s/g, '');
  if (/^\d{9}(?:\d{5})?$/.test(digits)) return rows.filter(({ key }) => key.startsWith(`${RECIPIENT}-${digits}`));
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  return rows.filter(({ key, name }) => key === wanted || words.every((word) => plain(name).includes(word)));
}
