import type { Finding } from './checker.ts';
import { acknowledged, type History, wayOf } from './history.ts';
import { isOpen } from './parcel.ts';

/** What idempotency keys promise: one folder a key, whatever became of the answers, and no other body under it. */
const REUSED = 422;

export function checkKeys(history: History): Finding[] {
  const found: Finding[] = [];
  const find = (sort: Finding['sort'], what: string, ids: string[], way: Finding['way']): void => {
    found.push({ sort, what, ids, ...(way && { way }) });
  };
  const folders = new Map<string, string>();
  for (const entry of history.entries.filter(({ kind }) => kind === 'native' || kind === 'line')) {
    const { key, status, folder } = entry as { key: string } & typeof entry;
    if (acknowledged(entry)) {
      const known = folders.get(key) ?? (folder as string);
      folders.set(key, known);
      if (known !== folder)
        find('doubled', `key ${key} was answered with folder ${known}, then ${folder}`, [key], wayOf(entry));
    } else if (!isOpen(status))
      find('broken', `the deposit under key ${key} was refused with ${status}`, [key], wayOf(entry));
  }
  for (const entry of history.of('reuse')) {
    const { key, status } = entry as { key: string } & typeof entry;
    if (!isOpen(status) && status !== REUSED)
      find('broken', `another body under key ${key} was answered with ${status}`, [key], wayOf(entry));
  }
  return found;
}

/**
 * Cases that no answer told of: each must be of a key whose answer never came, one a key.
 * @param strangers the folder's external id, which is its key, and the case
 */
export function checkStrangers(
  strangers: readonly (readonly [key: string, id: string])[],
  history: History,
): Finding[] {
  const deposits = history.entries.filter(({ kind }) => kind === 'native' || kind === 'line');
  const open = new Set(deposits.map(({ key }) => key));
  for (const { key } of deposits.filter(acknowledged)) open.delete(key);
  return strangers.flatMap(([key, id]) => {
    const first = open.delete(key);
    const asked = deposits.find((entry) => entry.key === key);
    const finding = { sort: 'doubled', what: `case ${id}, of which no answer told, under key ${key}`, ids: [key, id] };
    return first ? [] : [{ ...finding, way: asked === undefined ? 'contract' : wayOf(asked) } as Finding];
  });
}
