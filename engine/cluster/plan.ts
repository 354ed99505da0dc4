/**
 * Who should own which partition: rendezvous hashing, each member capped at its fair share. Pure, so every member
 * computes the same plan from the same view, without a coordinator; a member that comes or goes moves little.
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

/** @returns partition → member */
export function plan(members: readonly string[], partitions: number): Map<number, string> {
  const result = new Map<number, string>();
  if (members.length === 0) return result;
  const cap = Math.ceil(partitions / members.length);
  const load = new Map<string, number>();
  for (let partition = 0; partition < partitions; partition += 1) {
    const ranked = [...members].sort((a, b) => score(b, partition) - score(a, partition) || (a < b ? -1 : 1));
    const owner = ranked.find((member) => (load.get(member) ?? 0) < cap) ?? (ranked[0] as string);
    load.set(owner, (load.get(owner) ?? 0) + 1);
    result.set(partition, owner);
  }
  return result;
}
