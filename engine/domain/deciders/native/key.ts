import type { KeyAnswer, ReservedKey } from '../../commands/contents.ts';
import type { CommandOf } from '../../commands.ts';
import type { Decision } from '../../decision.ts';
import { endOf, isAlive, type KeyState, weekOf } from '../../records/key.ts';
import { KEY_BOOK, keyName, type RecordName, weekName } from '../../records/names.ts';

/** A key lies in the week it was put in: in this one, or in the one before while it is alive. */
const namesOf = (week: number, { hash }: ReservedKey) => [keyName(week, hash), keyName(week - 1, hash)] as const;

/** What a reservation reads, unless a week begins just now. */
export const readsOfReserve = ({ at, keys }: CommandOf<'key.reserve'>): RecordName[] => [
  KEY_BOOK,
  ...keys.flatMap((key) => namesOf(weekOf(at), key)),
];

function find(decision: Decision, week: number, key: ReservedKey): KeyState | undefined {
  for (const name of namesOf(week, key)) {
    const known = decision.get(name);
    if (known !== undefined && isAlive(known, decision.now)) return known;
  }
  return undefined;
}

/** The folder of each key, before anything is deposited: whoever repeats the request finds it. */
export function decideReserve({ keys }: CommandOf<'key.reserve'>, decision: Decision): void {
  const book = decision.get(KEY_BOOK);
  const week = Math.max(weekOf(decision.now), book?.armed ?? 0);
  decision.need(keys.flatMap((key) => namesOf(week, key)));
  let put = false;
  const answers = keys.map((key): KeyAnswer => {
    const known = find(decision, week, key);
    if (known !== undefined) return [known.folder, known.digest === key.digest ? 1 : 0];
    if (key.folder !== null) {
      decision.put(keyName(week, key.hash), { digest: key.digest, folder: key.folder });
      put = true;
    }
    return null;
  });
  if (put && book?.armed !== week) {
    decision.put(KEY_BOOK, { armed: week });
    decision.timer(`keys.${week}`, endOf(week), { command: { kind: 'key.forget', week } });
  }
  decision.reply(200, { keys: answers });
}

export function decideForget({ week }: CommandOf<'key.forget'>, decision: Decision): void {
  decision.remove(weekName(week));
}
