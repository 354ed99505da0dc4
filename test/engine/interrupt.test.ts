import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Acceptor } from '#engine/client/accept.ts';
import { Asks } from '#engine/client/ask.ts';
import { Local } from '#engine/local.ts';
import { toy, toyBehaviour } from './toy.ts';

const ASK_MS = 60_000;
const [NEAR, FAR] = [1, 2];
const never = { accept: () => new Promise<void>(() => undefined) } as unknown as Acceptor;

test('when nobody listened, whose answer may be lost is told to come again, and nobody else', async () => {
  const local = new Local();
  const taken: number[] = [];
  local.own(NEAR, {
    take({ replyTo }) {
      taken.push(replyTo?.ask ?? 0);
      return true;
    },
  });
  const asks = new Asks('api', never, ASK_MS, toyBehaviour.actorOf, local);
  const settled: string[] = [];
  const ask = (name: string, partition: number) =>
    asks.ask(partition, toy({ kind: 'add', actor: name })).then(
      ({ status }) => settled.push(`${name} ${status}`),
      (error: Error & { code?: string }) => settled.push(`${name} ${error.code}`),
    );
  const [mailbox, decided, waiting] = [ask('mailbox', FAR), ask('decided', NEAR), ask('waiting', NEAR)];
  const [first, second] = taken as [number, number];
  // Answered, but for a delivery that its destination confirms by the channel.
  asks.take([[first, 204, 1]]);
  asks.interrupt();
  await Promise.all([mailbox, decided]);
  assert.deepEqual(settled.sort(), ['decided busy', 'mailbox busy']);
  asks.take([[second, 200, 0]]);
  await waiting;
  assert.deepEqual(settled.slice(2), ['waiting 200']);
  // Done, and not to be counted upon: BUSY.
  const short = ask('short', NEAR);
  asks.take([[taken.at(-1) as number, -1, 0]]);
  await short;
  assert.equal(settled.at(-1), 'short busy');
  assert.equal(asks.inFlight, 0);
  asks.close();
});
