import type { Id } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { CaseStatus } from '#engine/domain/records/case.ts';
import type { Database } from '#engine/sqlite.ts';

/** What may become of a line. Stored by their places: the list only grows at its end. */
export const RESULTS = ['waiting', 'done', 'excluded', 'moved', 'refused', 'undone', 'left'] as const;
export type Result = (typeof RESULTS)[number];
/** Where a job is. Stored by their places. */
export const STATES = ['running', 'done', 'undoing', 'undone'] as const;
export type JobState = (typeof STATES)[number];

const placeOf = (result: Result): number => RESULTS.indexOf(result);
const [RUNNING, DONE, UNDOING, UNDONE] = [0, 1, 2, 3];
/** A job and its lines are kept so long, ms. */
const KEPT_MS = 7 * 86_400_000;
/** Jobs of one agent that are not over. */
export const MOST_LIVE = 10;

/** What is done to each case. */
export interface Act {
  /**
   * New statuses, by démarche and status; a case of none is excluded. `org`: for cases of this organisation only; `letter`: instead of
   * `message`, with `{numero}` and `{recu}`.
   */
  plan: { process: string; status: CaseStatus; to: CaseStatus[]; org?: OrgKey; letter?: string }[];
  message: string | null;
  undoSeconds: number;
  /** who is to treat it; absent: a decision */
  assign?: Id | null;
}

/** What the plan has for such a case. */
export function planned(
  { plan }: Pick<Act, 'plan'>,
  of: { org: OrgKey; process: string; status: CaseStatus },
): Act['plan'][number] | undefined {
  return plan.find(
    ({ process, status, org = of.org }) => process === of.process && status === of.status && org === of.org,
  );
}

export interface NewLine {
  id: Id;
  org: OrgKey;
  process: string;
  number: string;
  applicant: string;
  status: number;
  updated: number;
  excluded: boolean;
}

export interface NewJob {
  id: Id;
  /** '' : all of the agent's */
  org: OrgKey;
  agent: Id;
  act: Act;
  at: number;
  lines: NewLine[];
}

export interface Job {
  n: number;
  id: Id;
  org: OrgKey;
  agent: Id;
  act: Act;
  at: number;
  total: number;
  state: JobState;
  /** the last of its decisions leaves then, ms */
  until: number;
  ended: number | null;
}

export interface Line {
  n: number;
  id: Id;
  org: OrgKey;
  process: string;
  number: string;
  applicant: string;
  status: number;
  updated: number;
  decision: Id | null;
  result: Result;
}

export interface Outcome {
  n: number;
  result: Result;
}

/** Jobs on disk, for the thread that has the file. */
export class Jobs {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** @returns whether it was taken: an agent has MOST_LIVE at most */
  add({ id, org, agent, act, at, lines }: NewJob): boolean {
    return this.#db.transaction(() => {
      this.#forget(at - KEPT_MS);
      const live = this.#db.get('SELECT count(*) AS live FROM job WHERE agent = ? AND state IN (0, 2)', agent)?.[
        'live'
      ];
      if ((live as number) >= MOST_LIVE) return false;
      const sql = 'INSERT INTO job(id, org, agent, act, at, total, state, until) VALUES(?, ?, ?, ?, ?, ?, ?, ?)';
      const n = this.#db.run(sql, id, org, agent, JSON.stringify(act), at, lines.length, RUNNING as number, at);
      for (const [index, line] of lines.entries())
        this.#db.run(
          'INSERT INTO line VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)',
          ...[n, index, line.id, line.org, line.process, line.number, line.applicant, line.status, line.updated],
          placeOf(line.excluded ? 'excluded' : 'waiting'),
        );
      return true;
    });
  }

  job(id: Id): Job | undefined {
    const row = this.#db.get('SELECT * FROM job WHERE id = ?', id);
    if (row === undefined) return undefined;
    const { act, state, ...rest } = row;
    const whole = { ...rest, act: JSON.parse(act as string), state: STATES[state as number] };
    return whole as unknown as Job;
  }

  counts(job: number): Record<Result, number> {
    const found = this.#db.all('SELECT result, count(*) AS lines FROM line WHERE job = ? GROUP BY result', job);
    const counts = Object.fromEntries(RESULTS.map((result) => [result, 0])) as Record<Result, number>;
    for (const { result, lines } of found) counts[RESULTS[result as number] as Result] = lines as number;
    return counts;
  }

  /** Lines behind `after`, of one result if it is given. */
  lines(job: number, result: Result | null, after: number, limit: number): Line[] {
    const found =
      result === null
        ? this.#db.all('SELECT * FROM line WHERE job = ? AND n > ? ORDER BY n LIMIT ?', job, after, limit)
        : this.#db.all(
            'SELECT * FROM line WHERE job = ? AND result = ? AND n > ? ORDER BY n LIMIT ?',
            ...[job, placeOf(result), after, limit],
          );
    return found.map((row) => ({ ...row, result: RESULTS[row['result'] as number] }) as unknown as Line);
  }

  /** The oldest job that is not over. */
  live(): Job | undefined {
    const id = this.#db.get('SELECT id FROM job WHERE state IN (0, 2) ORDER BY n LIMIT 1')?.['id'];
    return id === undefined ? undefined : this.job(id as Id);
  }

  /** Before they are asked for: a line that was begun is the same decision when it is asked for again. */
  begin(job: number, decisions: readonly [n: number, decision: Id][]): void {
    this.#db.transaction(() => {
      for (const [n, decision] of decisions)
        this.#db.run('UPDATE line SET decision = ? WHERE job = ? AND n = ?', decision, job, n);
    });
  }

  /** @param until when the last of them leaves, ms */
  record(job: number, outcomes: readonly Outcome[], until: number): void {
    this.#db.transaction(() => {
      for (const { n, result } of outcomes)
        this.#db.run('UPDATE line SET result = ? WHERE job = ? AND n = ?', placeOf(result), job, n);
      this.#db.run('UPDATE job SET until = max(until, ?) WHERE n = ?', until, job);
    });
  }

  /** The job has no line left to do. */
  end(job: number, at: number): void {
    this.#db.run(
      `UPDATE job SET state = CASE state WHEN ${RUNNING} THEN ${DONE} WHEN ${UNDOING} THEN ${UNDONE} ELSE state END, ended = ? WHERE n = ?`,
      ...[at, job],
    );
  }

  /** What is not begun is not done, and what was decided is taken back as far as it has not left. */
  undo(job: number): void {
    this.#db.transaction(() => {
      const [waiting, undone, done] = [placeOf('waiting'), placeOf('undone'), placeOf('done')];
      const become = 'UPDATE line SET result = ? WHERE job = ? AND result = ?';
      this.#db.run(`${become} AND decision IS NULL`, undone, job, waiting);
      // Begun, and perhaps decided: the case itself knows.
      this.#db.run(become, done, job, waiting);
      const states = `state IN (${RUNNING}, ${DONE})`;
      this.#db.run(`UPDATE job SET state = ${UNDOING}, ended = NULL WHERE n = ? AND ${states}`, job);
    });
  }

  #forget(before: number): void {
    const old = this.#db.all('SELECT n FROM job WHERE at < ? AND state NOT IN (0, 2)', before);
    for (const { n } of old) {
      this.#db.run('DELETE FROM line WHERE job = ?', n as number);
      this.#db.run('DELETE FROM job WHERE n = ?', n as number);
    }
  }
}
