import { setTimeout as delay } from 'node:timers/promises';
import { authorOf } from '#api/agents/answers.ts';
import { loadCase } from '#api/answers/load.ts';
import { processOf, purgeSettings } from '#api/answers/settings.ts';
import type { Link } from '#api/index/link.ts';
import { receivedOf } from '#api/index/row.ts';
import { rankOf } from '#api/index/views.ts';
import type { Log } from '#api/server/deps.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Caller, NewEvent } from '#engine/domain/commands/contents.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { type Id, KIND, newId, parts } from '#engine/domain/ids.ts';
import { type AgentState, membershipOf } from '#engine/domain/records/agent.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import { versionOf } from '#engine/domain/records/desk.ts';
import { type Job, type Jobs, type Line, type Outcome, planned, type Result } from './jobs.ts';
import { letterOf } from './letter.ts';

/** Lines of one transaction of the file, and of one look at the agent's rights. */
const CHUNK = 100;
/** Asked for at once: others are to be served too. */
const AT_ONCE = 25;
/** Between two looks for work that nobody told of, ms. */
const LOOK_MS = 1_000;
const MS = 1_000;

interface Parts {
  hub: Hub;
  link: Pick<Link<Jobs>, 'call' | 'down'>;
  /** whether jobs are this process' to do: one of those that share the folder */
  mine: () => boolean;
  log: Log;
  /** ids of events that live there; absent: random ones */
  event?: (home: number) => Id;
}

/** Does the jobs of a data folder, one after the other, line by line. */
export class Runner {
  readonly #parts: Parts;
  readonly #stop = new AbortController();
  #nudged = new AbortController();
  #running: Promise<void> | undefined;

  constructor(given: Parts) {
    this.#parts = given;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** There is something to do. */
  nudge(): void {
    this.#nudged.abort();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.nudge();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { link, mine, log } = this.#parts;
    while (!this.#stop.signal.aborted) {
      try {
        if (mine() && (await this.step())) continue;
      } catch (error) {
        // A busy hub is asked again; what was begun is known.
        if (!(error instanceof DomainError && error.code === 'busy'))
          log.warn({ error: (error as Error).message }, 'bulk');
        if (link.down) return;
      }
      this.#nudged = new AbortController();
      await delay(LOOK_MS, undefined, { signal: this.#nudged.signal }).catch(() => undefined);
    }
  }

  readonly #event = (home: number): Id => this.#parts.event?.(home) ?? newId(KIND.event, home, this.#parts.hub.now());

  /** Some lines of the oldest job, or its end. False: there is none. @throws DomainError busy: the same lines are to be done again */
  async step(): Promise<boolean> {
    const { hub, link } = this.#parts;
    const job = await link.call('live');
    if (job === undefined) return false;
    const undoing = job.state === 'undoing';
    const lines = await link.call('lines', job.n, undoing ? 'done' : 'waiting', -1, CHUNK);
    if (lines.length === 0) {
      await link.call('end', job.n, hub.now());
      return true;
    }
    const agent = hub.referential.agent(job.agent);
    const working = agent !== undefined && agent.suspended === null ? agent : undefined;
    if (!undoing) {
      const fresh = lines.filter(({ decision }) => decision === null);
      for (const line of fresh) line.decision = this.#event(parts(line.id).home);
      await link.call(
        'begin',
        job.n,
        fresh.map(({ n, decision }) => [n, decision as Id]),
      );
    }
    const outcomes: Outcome[] = [];
    for (let from = 0; from < lines.length; from += AT_ONCE) {
      const some = lines.slice(from, from + AT_ONCE);
      const results = await Promise.all(some.map((line) => this.#line(job, line, working, undoing)));
      outcomes.push(...some.map(({ n }, index) => ({ n, result: results[index] as Result })));
    }
    const until = undoing ? 0 : hub.now() + job.act.undoSeconds * MS;
    await link.call('record', job.n, outcomes, until);
    return true;
  }

  async #line(job: Job, line: Line, agent: AgentState | undefined, undoing: boolean): Promise<Result> {
    const membership = agent && membershipOf(agent, line.org);
    const processes = membership?.processes ?? undefined;
    if (agent === undefined || membership === undefined || !(processes?.includes(line.process) ?? true)) {
      return undoing ? 'left' : 'refused';
    }
    const caller: Caller = { scope: 'SI', org: line.org, processes: processes ?? [line.process] };
    if (undoing) return this.#undo(caller, line);
    const state = await loadCase(this.#parts.hub, line.id);
    if (state === undefined) return 'refused';
    if (job.act.assign !== undefined) return this.#assign(caller, line, agent, job.act.assign);
    return this.#decide(caller, job, line, agent, state);
  }

  async #undo(caller: Caller, { id, decision }: Line): Promise<Result> {
    if (decision === null) return 'left';
    const command = { kind: 'case.undo', case: id, caller, event: decision } as const;
    const { status } = await this.#parts.hub.ask(parts(id).home, command);
    // Not there at all: it was never decided.
    return status < 400 || status === 404 ? 'undone' : 'left';
  }

  async #assign(caller: Caller, { id }: Line, by: AgentState, agent: Id | null): Promise<Result> {
    const command = { kind: 'case.assign', case: id, caller, by: by.id, agent } as const;
    const { status } = await this.#parts.hub.ask(parts(id).home, command);
    return status < 400 ? 'done' : 'refused';
  }

  async #decide(caller: Caller, { act }: Job, line: Line, agent: AgentState, state: CaseState): Promise<Result> {
    const { hub } = this.#parts;
    const { id, decision } = line;
    const known = state.pending?.events[0]?.id === decision || state.events.some((event) => event.id === decision);
    if (known) return 'done';
    const seen = rankOf(state.status) === line.status && (state.updated ?? state.transmitted) === line.updated;
    if (!seen) return 'moved';
    const plan = planned(act, { org: state.recipient, process: state.process, status: state.status });
    if (plan === undefined) return 'excluded';
    const home = parts(id).home;
    const named = { externalId: state.externalId, received: receivedOf(id, state) };
    const message = plan.letter === undefined ? act.message : letterOf(plan.letter, named);
    const events = plan.to.map(
      (status, index): NewEvent => ({
        id: index === 0 ? (decision as Id) : this.#event(home),
        side: 'SI',
        actionType: 'STATUS_UPDATE',
        notification: true,
        message: index === plan.to.length - 1 ? message : null,
        comment: null,
        author: authorOf(agent),
        caseCurrentStatus: null,
        caseNewStatus: status,
        partnerAttributes: null,
        attachments: [],
        partnerInfo: null,
      }),
    );
    const { status } = await hub.ask(home, {
      ...{ kind: 'case.resolve', case: id, caller, agent: agent.id, events, seen: versionOf(state) },
      ...{ waitMs: act.undoSeconds * MS, purge: purgeSettings(processOf(hub.referential, state.process)) },
    });
    return status < 400 ? 'done' : status === 412 ? 'moved' : 'refused';
  }
}
