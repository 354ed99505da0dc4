import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Quota } from '#api/native/quota.ts';
import { allRoutes } from '#api/routes.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { HttpError } from '#api/server/errors.ts';
import { PROBLEM_FORM } from '#api/server/problem.ts';
import { PROBLEMS, Problem, type ProblemCode } from '#api/server/problems.ts';
import type { Request } from '#api/server/types.ts';
import { DomainError, ERRORS, type ErrorCode } from '#engine/domain/errors.ts';

/** What the native API refuses, whoever refused it. */

const request = { id: 'abc-1', path: '/relais/v1/folders' } as Request;
const told = (error: unknown) => {
  const reply = PROBLEM_FORM.refusal(error, request) ?? assert.fail('a fault');
  return { ...reply, json: JSON.parse(reply.text ?? '') };
};

for (const code of Object.keys(PROBLEMS) as ProblemCode[]) {
  it(`${code} says what is wrong and what to do, in French`, () => {
    const { status, json, type } = told(new Problem(code));
    assert.deepEqual([status, type], [PROBLEMS[code][0], 'application/problem+json']);
    assert.deepEqual(
      [json.type, json.status, json.instance, json.correlationId],
      [`/relais/v1/problems/${code}`, status, '/relais/v1/folders', 'abc-1'],
    );
    assert.match(json.title, /^[A-ZÀÉÊ][^.]+$/);
    assert.match(json.action, /^[A-ZÀÉÊ].+\.$/);
    assert.match(code, /^[a-z-]+$/);
  });
}

it('uses every status it is there for', () => {
  const statuses = new Set<number>(Object.values(PROBLEMS).map(([status]) => status));
  for (const status of [409, 412, 422, 428, 429]) assert(statuses.has(status), String(status));
});

it('words the refusals of the engine and of the transport too, and never their own text', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const { status, text } = told(new DomainError(code, 'secret'));
    const expected = ERRORS[code][0] === 400 ? 400 : ERRORS[code][0];
    assert.equal(status, expected, code);
    assert(!text?.includes('secret'));
  }
  for (const status of [400, 403, 404, 405, 408, 413, 414, 416, 429, 431, 503]) {
    assert.equal(told(new HttpError(status, 'Bad')).status, status);
  }
  assert.equal(told(new HttpError(401, 'x', 900902)).json.type, '/relais/v1/problems/token-missing');
  assert.equal(told(new DomainError('tooMany')).headers?.['Retry-After'], '1');
  assert.equal(PROBLEM_FORM.refusal(new Error('a fault'), request), undefined);
  assert.equal(PROBLEM_FORM.fault(request).status, 500);
});

it('a client has its quota of requests under way, and leaves the others theirs', async () => {
  const quota = new Quota(2);
  const { promise, resolve } = Promise.withResolvers<{ status: number }>();
  const first = quota.within('a', () => promise);
  const second = quota.within('a', () => promise);
  await assert.rejects(
    quota.within('a', () => promise),
    (error: Problem) => {
      const { status, headers } = told(error);
      assert.equal(headers?.['RateLimit'], '"client";r=0');
      assert.equal(headers?.['RateLimit-Policy'], '"client";q=2;qu="concurrent-requests"');
      return status === 429 && headers?.['Retry-After'] === '1';
    },
  );
  assert.equal((await quota.within('b', () => ({ status: 201 }))).headers?.['RateLimit'], '"client";r=2');
  resolve({ status: 201 });
  await Promise.all([first, second]);
  assert.equal((await quota.within('a', () => ({ status: 201 }))).headers?.['RateLimit'], '"client";r=2');
});

it('a refused request says what is left of its client’s quota too', async () => {
  const quota = new Quota(4);
  await assert.rejects(
    quota.within('a', () =>
      Promise.reject(new Problem('form-invalid', 'x', { headers: { 'Want-Content-Digest': 'y' } })),
    ),
    (error) => {
      assert.ok(error instanceof Problem);
      assert.deepEqual(
        [error.detail, error.headers?.['RateLimit'], error.headers?.['Want-Content-Digest']],
        ['x', '"client";r=4', 'y'],
      );
      return true;
    },
  );
  const fault = new Error('of ours');
  await assert.rejects(
    quota.within('a', () => Promise.reject(fault)),
    (error) => error === fault,
  );
});

it('all of /relais/v1 refuses by problems, and nothing else does', () => {
  for (const { path, errors } of allRoutes({ auth: {} } as unknown as ApiDeps))
    assert.equal(errors === PROBLEM_FORM, path.startsWith('/relais/'), path);
});
