import { registerHooks } from 'node:module';

/**
 * Source text of the product, changed as it is loaded: smaller numbers, so that few seeds meet what takes thousands of
 * requests otherwise, and the mutations. The product itself knows nothing of it.
 */
export interface Patch {
  /** end of the file's path */
  file: string;
  from: string;
  to: string;
}

/**
 * Few partitions: many messages meet in each. Few cases a turn: completions of several turns, and releases, with few
 * cases.
 */
export const SMALL: readonly Patch[] = [
  { file: 'engine/domain/placement.ts', from: 'PARTITIONS = 64', to: 'PARTITIONS = 5' },
  { file: 'engine/domain/placement.ts', from: 'REFERENTIAL = 64', to: 'REFERENTIAL = 5' },
  { file: 'engine/domain/records/key.ts', from: 'KEY_HOMES = 8', to: 'KEY_HOMES = 5' },
  { file: 'engine/domain/deciders/hold/release.ts', from: 'RELEASED_PER_TURN = 32', to: 'RELEASED_PER_TURN = 2' },
  { file: 'engine/domain/deciders/folder/cases.ts', from: 'CHUNK = 256', to: 'CHUNK = 2' },
  { file: 'engine/domain/deciders/folder/cases.ts', from: 'SENT_PER_TURN = 1_000_000', to: 'SENT_PER_TURN = 2_600' },
];

/** @throws Error when the text to change is not there, or not once */
export function changed(file: string, source: string, patches: readonly Patch[]): string {
  let text = source;
  for (const patch of patches) {
    if (!file.endsWith(patch.file)) continue;
    const parts = text.split(patch.from);
    if (parts.length !== 2) throw new Error(`${patch.file} holds ${parts.length - 1} times « ${patch.from} »`);
    text = parts.join(patch.to);
  }
  return text;
}

/** For all modules loaded from now on. */
export function patch(patches: readonly Patch[]): void {
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!patches.some(({ file }) => url.endsWith(file))) return loaded;
      return { ...loaded, source: changed(url, String(loaded.source), patches) };
    },
  });
}
