import type { Lists } from '#api/index/lists.ts';
import type { Reach } from '#api/index/question.ts';
import { STAGES } from '#api/index/views.ts';
import type { Log } from '#api/server/deps.ts';
import type { Hub } from '#engine/client/hub.ts';
import { dayStart } from '#engine/domain/calendar.ts';
import type { Waiting } from '#engine/domain/commands/agent.ts';
import { toUuid } from '#engine/domain/ids.ts';
import { REFERENTIAL } from '#engine/domain/placement.ts';
import type { AgentState, NoticeFrequency } from '#engine/domain/records/agent.ts';
import { CASE_STATUSES, type CaseStatus } from '#engine/domain/records/case.ts';

const MINUTE_MS = 60_000;
/** Digests go out from then on, since midnight in Paris; who was away until noon is told the next day. */
const MORNING_MS = 7 * 60 * MINUTE_MS + 30 * MINUTE_MS;
const NOON_MS = 12 * 60 * MINUTE_MS;
/** What the index may not have yet. ms */
const SETTLED_MS = 10_000;
/** Cases counted one by one for one e-mail. */
const MOST = 500;
const SATURDAY = 6;

type Work = Pick<Hub, 'ask' | 'now'> & { referential: Pick<Hub['referential'], 'agents'> };

/**
 * Tells agents by e-mail what waits for them, as each of them wished, and nothing when nothing does. The e-mail and its
 * mark are one commit of the engine's, so that processes that look at the same time, or again after a crash, send it once.
 */
export class Notices {
  readonly #hub: Work;
  readonly #lists: Pick<Lists, 'ask'>;
  readonly #log: Log;
  readonly #now: () => number;
  /** whose morning was looked at, and found quiet or told of */
  readonly #looked = new Set<string>();
  #day = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  /** @param now ms */
  constructor(hub: Work, lists: Pick<Lists, 'ask'>, log: Log, now: () => number = () => hub.now()) {
    this.#hub = hub;
    this.#lists = lists;
    this.#log = log;
    this.#now = now;
  }

  /** Looks every so often, while this process is the one that should. */
  start(everyMs: number, isOurs: () => boolean): void {
    this.#timer = setInterval(() => {
      if (isOurs()) this.#looking ??= this.look().finally(() => (this.#looking = undefined));
    }, everyMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** One look at all agents who wish to be told. Never throws. */
  async look(): Promise<void> {
    const now = this.#now();
    for (const state of this.#hub.referential.agents()) {
      if (state.suspended !== null || state.notices.length === 0) continue;
      try {
        if (state.toldUpTo !== null) await this.#tellOfNew(state, state.toldUpTo, now - SETTLED_MS);
        if (this.#isMorning(now)) await this.#tellDigest(state, now);
      } catch (error) {
        // The next look tries again: nothing was sent.
        this.#log.warn({ agent: toUuid(state.id), error: (error as Error).message }, 'notices.late');
      }
    }
  }

  #isMorning(now: number): boolean {
    const midnight = dayStart(now, 0);
    if (midnight !== this.#day) {
      this.#day = midnight;
      this.#looked.clear();
    }
    const weekday = new Date(midnight + NOON_MS).getUTCDay();
    const since = now - midnight;
    return weekday !== 0 && weekday !== SATURDAY && since >= MORNING_MS && since < NOON_MS;
  }

  async #tellOfNew(state: AgentState, after: number, upTo: number): Promise<void> {
    const reaches = reachesOf(state, 'each');
    if (reaches.length === 0 || upTo <= after) return;
    const question = {
      reaches,
      statuses: null,
      open: null,
      from: after + 1,
      to: upTo + 1,
      overdue: null,
      soon: null,
      unread: false,
      assignee: null,
      words: [],
      sort: 'received' as const,
      descending: false,
    };
    const rows = await this.#lists.ask('page', question, null, MOST);
    const last = rows.at(-1);
    if (last === undefined) return;
    const counts = new Map<string, number>();
    for (const { process } of rows) counts.set(process, (counts.get(process) ?? 0) + 1);
    // Of one millisecond's cases the last ones may be on the next page: it begins after the whole of them.
    await this.#tell(state, false, after, rows.length < MOST ? upTo : last.received, counts);
  }

  async #tellDigest(state: AgentState, now: number): Promise<void> {
    const today = dayStart(now, 0);
    if (this.#looked.has(state.id) || (state.digested ?? 0) >= today) return;
    const reaches = reachesOf(state, 'digest');
    if (reaches.length === 0) return;
    const { tallies } = await this.#lists.ask('counters', reaches, now);
    const counts = new Map<string, number>();
    for (const { process, status, cases } of tallies) {
      if (STAGES[CASE_STATUSES[status] as CaseStatus] === 'waiting')
        counts.set(process, (counts.get(process) ?? 0) + cases);
    }
    if (counts.size > 0) await this.#tell(state, true, state.digested, today, counts);
    this.#looked.add(state.id);
  }

  async #tell(
    { id }: AgentState,
    digest: boolean,
    after: number | null,
    upTo: number,
    counts: ReadonlyMap<string, number>,
  ): Promise<void> {
    const waiting: Waiting[] = Array.from(counts, ([process, cases]) => ({ process, cases }));
    await this.#hub.ask(REFERENTIAL, { kind: 'agent.tell', agent: id, digest, after, upTo, waiting });
  }
}

/** Whose cases an agent is told of in that way: no more than it may see. */
function reachesOf({ notices, memberships }: AgentState, frequency: NoticeFrequency): Reach[] {
  const wished = notices.filter((one) => one.frequency === frequency).map(({ process }) => process);
  return memberships
    .map(({ org, processes }) => ({ org, processes: wished.filter((code) => processes?.includes(code) ?? true) }))
    .filter(({ processes }) => processes.length > 0);
}
