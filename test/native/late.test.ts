import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { SWEPT_AGE_MS } from '#api/blobs/sweep.ts';
import { Deposits } from '#api/native/deposits.ts';
import { readJson } from '#api/native/form.ts';
import { sendFile } from '#api/native/sending.ts';
import { Problem } from '#api/server/problems.ts';
import type { Command } from '#engine/domain/commands.ts';
import { DGS, process as démarche, keyOf } from '#test/contract/country.ts';
import { deposit } from './calls.ts';

/** A process frozen between the bytes and their command: they may have been swept, so the command is not sent. */

const LONG_MS = SWEPT_AGE_MS / 2 + 1;

/** A hub whose uploads last `ms` of the test's clock. */
function frozen(context: TestContext, ms: number) {
  context.mock.timers.enable({ apis: ['Date'], now: 1_795_000_000_000 });
  const asked: Command['kind'][] = [];
  const hub = {
    now: () => Date.now(),
    referential: {
      process: (code: string) => ({ ...démarche(code, DGS), hold: null }),
      organization: () => ({ email: null }),
      subscriptionsOf: () => [],
    },
    async ask(_partition: number, command: Command) {
      asked.push(command.kind);
      return { status: 201, body: { keys: [null] } };
    },
  };
  const intake = {
    async take() {
      const at = Date.now();
      context.mock.timers.tick(ms);
      const upload = { status: 'RECEIVED', sha256: 's', blob: 'p1-a.0.1' };
      return { upload, refusal: null, at, bytes: 200, sha256: 's' };
    },
  };
  return { deps: { hub, intake, blobs: { remove: async () => undefined } } as never, asked };
}

const isBusy = (error: unknown): boolean => error instanceof Problem && error.code === 'busy';

describe('a process frozen after the bytes came', () => {
  const org = keyOf(DGS);
  const caller = { scope: 'OSL', org } as const;
  const depositNow = (deps: never) => {
    const asked = { deposit: readJson({} as never, JSON.stringify(deposit())) as never, parts: new Map(), digest: 'd' };
    return new Deposits(deps).deposit(asked, { caller, client: 'c', partnerInfo: null }, 'k');
  };

  it('sends no deposit', async (context) => {
    const { deps, asked } = frozen(context, LONG_MS);
    await assert.rejects(depositNow(deps), isBusy);
    assert.deepEqual(asked, ['key.reserve']);
  });

  it('sends it when the time was short', async (context) => {
    const { deps, asked } = frozen(context, LONG_MS - 1);
    await depositNow(deps);
    assert.deepEqual(asked, ['key.reserve', 'folder.deposit']);
  });

  it('tells no record of a file', async (context) => {
    const request = { param: () => '01890a5d-ac96-7b06-8000-000000000000', header: () => '', chunks: () => [], caller };
    const late = frozen(context, LONG_MS);
    await assert.rejects(sendFile(late.deps, request as never), isBusy);
    assert.deepEqual(late.asked, []);
  });
});
