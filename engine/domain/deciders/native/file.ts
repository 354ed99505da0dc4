import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { type Id, parts } from '../../ids.ts';
import { FILE_CHECK_MS, FILE_LIFE_MS } from '../../records/file.ts';
import { fileName, folderName } from '../../records/names.ts';
import { carry, unlink } from '../send.ts';

const timerOf = (file: Id): string => `file.${file}`;

function arm(decision: Decision, file: Id, ms: number): void {
  decision.timer(timerOf(file), decision.now + ms, { command: { kind: 'file.check', file } });
}

/** The bytes are on disk, synced; refused, they are the API's to delete. */
export function decidePut({ file, sent, fresh }: CommandOf<'file.put'>, decision: Decision): void {
  const known = decision.get(fileName(file));
  if (known === undefined) {
    decision.put(fileName(file), { ...sent, folder: null, claimed: null });
    arm(decision, file, FILE_LIFE_MS);
    decision.count('files');
    decision.reply(201);
    return;
  }
  if (fresh) decision.refuse('precondition', 'A file of this id is there already');
  const same = known.sha256 === sent.sha256 && known.size === sent.size && known.mimeType === sent.mimeType;
  if (!same) decision.refuse('conflict', 'Another file bears this id');
  if (known.blob !== sent.blob) unlink(decision, [sent.blob]);
  decision.reply(200);
}

/**
 * For one folder only: it takes the bytes over, and asks again as often as its deposit is repeated. From now on a
 * deposit on its way may name them, dead letters included, which no decision sees: the sweep does (decision record 003).
 */
export function decideClaim({ file, org, folder }: CommandOf<'file.claim'>, decision: Decision): void {
  const known = decision.get(fileName(file)) ?? decision.refuse('fileUnknown');
  if (known.org !== org) decision.refuse('fileUnknown');
  if (known.folder !== null && known.folder !== folder) decision.refuse('conflict', 'Another folder has this file');
  const taken = { ...known, folder, claimed: decision.now };
  decision.put(fileName(file), taken);
  if (known.folder === null) arm(decision, file, FILE_CHECK_MS);
  decision.reply(200, taken);
}

/**
 * A day after it was sent, and each month once it was taken. A look that had come due when the file was taken comes before
 * the deposit that took it: the folder would seem never to have been deposited.
 */
export function decideCheck({ file }: CommandOf<'file.check'>, decision: Decision): void {
  const known = decision.get(fileName(file));
  if (known === undefined) return;
  const { folder, blob, claimed } = known;
  if (folder === null) {
    decision.remove(fileName(file));
    unlink(decision, [blob]);
    return;
  }
  arm(decision, file, FILE_CHECK_MS);
  if (decision.now - (claimed ?? 0) < FILE_LIFE_MS) return;
  const asked = { kind: 'folder.holds', folder, file, blob } as const;
  const { home } = parts(folder);
  if (home === decision.partition) decideHolds(asked, decision);
  else carry(decision, home, asked, false);
}

/** A folder that was never deposited, or has let its files go, holds nothing. */
export function decideHolds({ folder, file, blob }: CommandOf<'folder.holds'>, decision: Decision): void {
  if (decision.get(folderName(folder))?.attachments.some((attachment) => attachment.blob === blob)) return;
  unlink(decision, [blob]);
  const drop = { kind: 'file.drop', file, folder } as const;
  const { home } = parts(file);
  if (home === decision.partition) decideDrop(drop, decision);
  else carry(decision, home, drop, false);
}

/** Its bytes are erased when they are found next, in no record's name any more. */
export function decideAbandon({ file, folder }: CommandOf<'file.abandon'>, decision: Decision): void {
  const known = decision.get(fileName(file));
  if (known?.folder !== folder || decision.now - (known.claimed ?? 0) < FILE_LIFE_MS) decision.reply(200);
  else {
    decideDrop({ kind: 'file.drop', file, folder }, decision);
    decision.reply(204);
  }
}

export function decideDrop({ file, folder }: CommandOf<'file.drop'>, decision: Decision): void {
  if (decision.get(fileName(file))?.folder !== folder) return;
  decision.remove(fileName(file));
  decision.untimer(timerOf(file));
}
