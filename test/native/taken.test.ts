import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Deposits } from '#api/native/deposits.ts';
import type { Command } from '#engine/domain/commands.ts';
import { DGS, process as démarche, keyOf, MEAUX, ORLY } from '#test/contract/country.ts';
import { changed } from './calls.ts';

/** Whom a deposit took is what its folder says, unless its own command made the folder. */

function hubOf(status: number) {
  const asked: Command['kind'][] = [];
  let read = 0;
  const hub = {
    now: () => 1_795_000_000_000,
    referential: {
      process: (code: string) => ({ ...démarche(code, DGS), hold: null }),
      organization: () => ({ email: null }),
      organizationsAt: () => [MEAUX],
      subscriptionsOf: () => [{ status: 'Actif', version: 1, notificationFrequency: 'Aucune' }],
    },
    async ask(_partition: number, { kind }: Command) {
      asked.push(kind);
      return kind === 'key.reserve' ? { status: 200, body: { keys: [null] } } : { status };
    },
    // another process was quicker, and had found Orly
    async read() {
      read += 1;
      return [{ caseCount: 1, cases: [{ recipient: keyOf(ORLY) }] }];
    },
  };
  const upload = { status: 'RECEIVED', sha256: 's', blob: 'p1-a.0.1' };
  const intake = { take: async () => ({ upload, refusal: null, at: Date.now(), bytes: 200, sha256: 's' }) };
  const deposits = new Deposits({ hub, intake, blobs: { remove: async () => undefined } } as never);
  return { deposits, reads: () => read };
}

const body = changed(({ cases }) => {
  delete cases[0].recipient;
  cases[0].competence = { commune: MEAUX.branchCode };
});
const take = async (status: number) => {
  const { deposits, reads } = hubOf(status);
  const asked = { deposit: body as never, parts: new Map(), digest: 'd' };
  const depositor = { caller: { scope: 'OSL', org: keyOf(DGS) }, client: 'c', partnerInfo: null } as const;
  const { recipients } = await deposits.deposit(asked, depositor, 'k');
  return { recipients, reads: reads() };
};

it('a command that made the folder needs no other word', async () => {
  assert.deepEqual(await take(204), { recipients: [keyOf(MEAUX)], reads: 0 });
});

it('a command that found it made is told by the folder', async () => {
  assert.deepEqual(await take(201), { recipients: [keyOf(ORLY)], reads: 1 });
});
