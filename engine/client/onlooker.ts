import { REFERENTIAL } from '../domain/placement.ts';
import { decode } from '../domain/records/codec.ts';
import type { OrganizationState } from '../domain/records/organization.ts';
import { Calls } from '../redis/calls.ts';
import { connect, disconnect, reach } from '../redis/connect.ts';
import { hashKey } from '../redis/keys.ts';
import { Reads } from '../redis/reads.ts';
import { HubClock } from './clock.ts';
import { Feeds } from './feed.ts';
import { readHeld } from './held.ts';
import { Holders } from './holders.ts';
import type { Hub } from './hub.ts';
import { Pulls } from './pulls.ts';
import { redisSource } from './redis-source.ts';
import { served } from './served.ts';
import { Standings } from './standing.ts';

/** What who looks after recipients reads of a hub: a small part of it, without a copy of the referential. */
export interface Onlooker extends Pick<Hub, 'now' | 'holders' | 'feeds' | 'standings' | 'held'> {
  pulls: Pick<Hub['pulls'], 'all'>;
  /** those there were when `learn` was called last */
  referential: { organizations(): Iterable<OrganizationState> };
  learn(): Promise<void>;
  close(): Promise<void>;
}

const ORGANIZATION = 'O';

/** Asks nothing of any actor, and writes nothing. @throws Error when Redis does not answer */
export async function openOnlooker(redisUrl: string, onError: (error: Error) => void): Promise<Onlooker> {
  const client = connect(redisUrl, onError);
  await reach(client);
  const clock = await HubClock.open(client);
  const now = (): number => clock.now();
  const reads = new Reads(client, 1, true);
  const source = redisSource(reads);
  const onDamage = (name: string, error: unknown): void =>
    onError(new Error(`record ${name} cannot be read`, { cause: error }));
  const pulls = new Pulls(client, now);
  let known: OrganizationState[] = [];
  return {
    now,
    holders: new Holders('onlooker', new Calls(client)),
    feeds: new Feeds(reads, onDamage),
    standings: new Standings(reads, onDamage),
    pulls,
    held: (limit) => served(readHeld(reads, onDamage, limit)),
    referential: { organizations: () => known },
    async learn() {
      const found: OrganizationState[] = [];
      await source.scan(ORGANIZATION, (pairs) => {
        for (const [key, text] of pairs) {
          try {
            found.push(decode(ORGANIZATION + key, text) as OrganizationState);
          } catch (error) {
            onDamage(hashKey(REFERENTIAL, ORGANIZATION), error);
          }
        }
      });
      known = found;
    },
    async close() {
      clock.close();
      await pulls.close();
      await disconnect(client);
    },
  };
}
