import { REFERENTIAL } from '../domain/placement.ts';
import { hashKey, keysOf } from '../redis/keys.ts';
import type { Reads } from '../redis/reads.ts';
import type { ReferentialSource } from './referential-source.ts';

const PAGE = 1_000;
const CHANGES_PER_READ = 5_000;
const PAIR = 2;

/** The referential in Redis: one hash per kind of record, and a stream of changes whose ids are its versions. */
export function redisSource(reads: Reads): ReferentialSource {
  const { client } = reads;
  const keys = keysOf(REFERENTIAL);
  let opened = false;
  return {
    async version() {
      // The first copy serves nobody, and may be made before any engine is there to vouch for it.
      const text = await (opened ? reads.get(keys.version) : client.get(keys.version));
      opened = true;
      return Number(text ?? 0);
    },
    async changes(since) {
      // Both leave at once, on one connection: so do those of `load`.
      const [, entries] = await Promise.all([
        reads.vouched(REFERENTIAL),
        client.xrange(keys.changes, `(${since}-0`, '+', 'COUNT', CHANGES_PER_READ),
      ]);
      const names: string[] = [];
      let version = since;
      for (const [id, fields] of entries) {
        const number = Number.parseInt(id, 10);
        if (number !== version + 1) return undefined;
        version = number;
        names.push(...(JSON.parse(fields[1] as string) as string[]));
      }
      return { version, names };
    },
    async load(names) {
      const fields = names.map((name) => client.hget(hashKey(REFERENTIAL, name[0] as string), name.slice(1)));
      const [texts] = await Promise.all([Promise.all(fields), reads.vouched(REFERENTIAL)]);
      return texts;
    },
    async scan(letter, onPage) {
      let cursor = '0';
      do {
        const [next, flat] = await client.hscan(hashKey(REFERENTIAL, letter), cursor, 'COUNT', PAGE);
        const pairs: [string, string][] = [];
        for (let i = 0; i < flat.length; i += PAIR) pairs.push([flat[i] as string, flat[i + 1] as string]);
        onPage(pairs);
        cursor = next;
      } while (cursor !== '0');
    },
  };
}
