import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../sim/random.ts';
import type { Caller } from './caller.ts';
import { type Addressee, isOpen, makeParcel, type Parcel } from './parcel.ts';
import { idsOf } from './sender.ts';

/** A sender of native deposits to one town: each in one call, repeated with its key until it is answered. */
const PATH = '/relais/v1/folders';
const JSON_TYPE = 'application/json';
/** ms */
const PAUSE_MS = 60;
/** A deposit under way at the end is asked for again so long: nobody is to guess whether it was done. ms */
const GRACE_MS = 30_000;
/** Deposits asked again although they were answered, and keys tried with another body. */
const REPEATED = 1 / 8;
const REUSED = 1 / 8;

export interface DepositFlow {
  caller: Caller;
  random: Random;
  town: Addressee;
  /** begins every key of this flow */
  name: string;
}

/** @returns whether it was answered for good */
async function ask(caller: Caller, { key, who, body, digest }: Parcel): Promise<boolean> {
  const answer = await caller.ask(
    { kind: 'native', who, key, digest },
    { method: 'POST', path: PATH, type: JSON_TYPE, key, body: JSON.stringify(body) },
    (told) => idsOf(told.body),
  );
  return !isOpen(answer.status);
}

/** Until `over`. */
export async function depositNatively({ caller, random, town, name }: DepositFlow, over: AbortSignal): Promise<void> {
  let deadline = Number.POSITIVE_INFINITY;
  over.addEventListener('abort', () => {
    deadline = performance.now() + GRACE_MS;
  });
  for (let number = 1; !over.aborted; number += 1) {
    const parcel = makeParcel(`${name}-${number}`, town, random);
    while (!(await ask(caller, parcel))) if (performance.now() > deadline) return;
    if (random.chance(REPEATED)) await ask(caller, parcel);
    if (random.chance(REUSED)) await reuse(caller, parcel, random, town);
    await pause(PAUSE_MS);
  }
}

/** Another deposit under a key that was used: never taken. */
async function reuse(caller: Caller, { key, who }: Parcel, random: Random, town: Addressee): Promise<void> {
  const other = makeParcel(key, town, random);
  const call = { method: 'POST', path: PATH, type: JSON_TYPE, key, body: JSON.stringify(other.body) };
  await caller.ask({ kind: 'reuse', who, key }, call, (told) => idsOf(told.body));
}
