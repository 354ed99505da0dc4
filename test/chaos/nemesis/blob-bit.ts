import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { flipBit } from '../bits.ts';
import type { Fault } from '../fault.ts';

/** A bit of a stopped server's file packs is wrong: that file may be refused, and is never served. */
export const blobBit: Fault = {
  name: 'blob-bit',
  layout: 'one',
  async act(site, random) {
    for (const member of site.members) await site.kill(member);
    const packs = globSync(join(site.data, 'blobs', '*', 'p*')).filter((path) => statSync(path).size > 0);
    flipBit(random.pick(packs.sort()), random);
    site.spoilt += 1;
    for (const member of site.members) await member.start();
  },
};
