import { randomBytes } from 'node:crypto';
import { type Known, parseTakes } from '../journal/repair.ts';
import { TRIES_BEFORE_ALONE } from '../partition/limits.ts';
import type { Calls } from '../redis/calls.ts';
import { keysOf } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import { latestEpochHeard } from './hearing.ts';

const NONCE_BYTES = 6;

/** A partition taken. */
export interface Lease {
  token: string;
  epoch: number;
  /** takes since the entries under way were handed out */
  tries: number;
  /** entries up to this id go one by one; '' when none do */
  alone: string;
  /** its last commit, and the takes before this one */
  known: Known;
  /** the state is what this very run of the server was given */
  vouched: boolean;
}

/** Who takes it, and what it knows. */
export interface Taker {
  owner: string;
  leaseMs: number;
  /** what its own faults count for */
  faults: number;
  /** the latest epoch of its journal */
  epochKnown: number;
}

type Taken = [1, string, number, number, string, number, string, string, 0 | 1];
/** owner and until when */
type Refused = [0, string, number];

/**
 * Takes the lease of a partition, under an epoch later than any before. Of a state that came from elsewhere the last take
 * may be lost, and the clock behind: then destinations know. @returns undefined when another's runs
 */
export async function takeLease(
  calls: Calls,
  reads: Reads,
  partition: number,
  { owner, leaseMs, faults, epochKnown }: Taker,
): Promise<Lease | undefined> {
  const keys = keysOf(partition);
  const take = (added: number, later: number): Promise<Taken | Refused> => {
    const nonce = randomBytes(NONCE_BYTES).toString('hex');
    const args = [owner, nonce, leaseMs, TRIES_BEFORE_ALONE, added, later];
    return calls.call('take', [keys.lease, keys.in], args) as Promise<Taken | Refused>;
  };
  let reply = await take(faults, epochKnown);
  if (reply[0] === 1 && reply[8] === 0) {
    const heard = await latestEpochHeard(reads, partition);
    if (heard > reply[2]) reply = await take(0, heard);
  }
  if (reply[0] === 0) return undefined;
  const [, token, epoch, tries, alone, turn, mark, takes, vouched] = reply;
  return { token, epoch, tries, alone, known: { turn, mark, takes: parseTakes(takes) }, vouched: vouched === 1 };
}
