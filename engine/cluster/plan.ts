/**
 * Who should own which partition: rendezvous hashing, each member capped at its fair share, the best matches of all
 * first. Pure, so every member computes the same plan from the same view, without a coordinator; a member that comes
 * or goes moves about a share and a quarter.
 */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

export function score(member: string, partition: number): number {
  let hash = FNV_OFFSET;
  const text = `${member}#${partition}`;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}

/** @returns partition → member; no member has more than one partition above another */
export function plan(members: readonly string[], partitions: number): Map<number, string> {
  const result = new Map<number, string>();
  if (members.length === 0) return result;
  const pairs = members.flatMap((member) =>
    Array.from({ length: partitions }, (_, partition) => ({ member, partition, score: score(member, partition) })),
  );
  pairs.sort((a, b) => b.score - a.score || a.partition - b.partition || (a.member < b.member ? -1 : 1));
  const share = Math.floor(partitions / members.length);
  let larger = partitions % members.length;
  const load = new Map<string, number>();
  for (const { member, partition } of pairs) {
    const held = load.get(member) ?? 0;
    if (result.has(partition) || held > share || (held === share && larger === 0)) continue;
    if (held === share) larger -= 1;
    load.set(member, held + 1);
    result.set(partition, member);
  }
  return result;
}
