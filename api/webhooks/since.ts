import { PositionGone } from '#api/feed/reader.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { OrgKey } from '#engine/domain/organization.ts';

const BEYOND = Number.MAX_SAFE_INTEGER - 1;

/**
 * The position after which all entries were written at that time or later.
 * @throws PositionGone when entries of that time are no longer kept
 */
export async function positionBefore(feeds: Pick<Hub['feeds'], 'read'>, org: OrgKey, ms: number): Promise<number> {
  const { kept, last } = await feeds.read(org, BEYOND, 1);
  const olderThan = async (position: number): Promise<boolean> => {
    const { entries } = await feeds.read(org, position - 1, 1);
    // One that cannot be read is passed over by whoever reads on, too.
    return (entries[0]?.ms ?? 0) < ms;
  };
  if (kept <= last && kept > 1 && !(await olderThan(kept))) throw new PositionGone(kept - 1);
  let [low, high] = [kept, last + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (await olderThan(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
