import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Jobs, MOST_LIVE, type NewJob } from '#api/bulk/jobs.ts';
import { openJobs } from '#api/bulk/tables.ts';
import { type Id, KIND, newId } from '#engine/domain/ids.ts';

const folder = mkdtempSync(join(tmpdir(), 'relais-jobs-'));
after(() => rmSync(folder, { recursive: true }));

const AT = Date.UTC(2026, 10, 26);
const anId = (): Id => newId(KIND.other, 0, AT);
const job = (lines: number, given: Partial<NewJob> = {}): NewJob => ({
  ...{ id: anId(), org: 'SI-1', agent: anId(), at: AT },
  act: { plan: [], message: null, undoSeconds: 30 },
  lines: Array.from({ length: lines }, (_, n) => ({
    ...{ id: anId(), org: 'SI-1', process: 'P', number: `N${n}`, applicant: 'Ada', status: 2, updated: AT },
    excluded: n === 0,
  })),
  ...given,
});

test('a job goes on where it was when its process has died', () => {
  const first = openJobs(folder);
  const asked = job(4);
  assert.ok(new Jobs(first).add(asked));
  const { n } = new Jobs(first).job(asked.id) ?? assert.fail();
  const decision = anId();
  new Jobs(first).begin(n, [[1, decision]]);
  first.close();
  const jobs = new Jobs(openJobs(folder));
  const live = jobs.live() ?? assert.fail();
  assert.deepEqual([live.id, live.state, live.total], [asked.id, 'running', 4]);
  assert.deepEqual(
    jobs.lines(n, 'waiting', -1, 10).map((line) => line.decision),
    [decision, null, null],
  );
  jobs.undo(n);
  assert.deepEqual(jobs.counts(n), { waiting: 0, done: 1, excluded: 1, moved: 0, refused: 0, undone: 2, left: 0 });
  jobs.record(n, [{ n: 1, result: 'undone' }], 0);
  jobs.end(n, AT + 1);
  assert.deepEqual([jobs.job(asked.id)?.state, jobs.live()], ['undone', undefined]);
});

test('an agent has so many that are not over, and none is kept for ever', () => {
  const jobs = new Jobs(openJobs(folder));
  const agent = anId();
  const ids = Array.from({ length: MOST_LIVE }, () => job(1, { agent }));
  for (const one of ids) assert.ok(jobs.add(one));
  assert.equal(jobs.add(job(1, { agent })), false);
  assert.ok(jobs.add(job(1)));
  const [old] = ids;
  jobs.end(jobs.job(old?.id as Id)?.n ?? assert.fail(), AT);
  assert.ok(jobs.add(job(1, { at: AT + 8 * 86_400_000 })));
  assert.equal(jobs.job(old?.id as Id), undefined);
});
