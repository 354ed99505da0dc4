import { progress, spread } from './measure.ts';
import { askToken } from './token.ts';
import type { Town } from './town.ts';
import { Wire } from './wire.ts';

const AT_ONCE = 64;

/** A token for each town, by its own credentials. */
export async function townTokens(url: string, towns: readonly Town[]): Promise<string[]> {
  const wires = await Promise.all(Array.from({ length: AT_ONCE }, () => Wire.open(url)));
  const tokens: string[] = [];
  const shown = progress('tokens', towns.length);
  let done = 0;
  await spread(AT_ONCE, AT_ONCE, async (lane) => {
    for (let index = lane; index < towns.length; index += AT_ONCE) {
      const client = (towns[index] as Town).client as { id: string; secret: string };
      tokens[index] = await askToken(wires[lane] as Wire, client, 'SI');
      done += 1;
      shown(done);
    }
  });
  for (const wire of wires) wire.close();
  return tokens;
}
