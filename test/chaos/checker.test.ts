import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Checker, type Sort } from './checker.ts';
import { type Entry, History, type Note, SENDER_DESK } from './history.ts';
import type { Readback } from './readback.ts';

/** A product that keeps everything, as it is asked to be at the end; a test takes something from it. */
interface Held {
  notes: Note[];
  status: string;
  files: Record<string, string>;
}

const IDS = ['a', 'b', 'c'];
const country = { sender: '', towns: [{ identity: { type: 'SI', companyRegister: '1', branchCode: '1' }, token: '' }] };

/** Three folders, one after the other, completed and deposited to the only town. */
function history(): History {
  const told = new History();
  for (const [index, id] of IDS.entries()) {
    const about = { who: 0, sent: index * 10, done: index * 10 + 5, folder: id, case: id, file: id, digest: `${id}!` };
    for (const [kind, status] of [
      ['deposit', 201],
      ['upload', 204],
      ['complete', 204],
    ] as const)
      told.add({ kind, status, ...about } satisfies Entry);
  }
  return told;
}

const held = (): Held => ({
  notes: IDS.map((id) => ({ id: `n${id}`, case: id, event: null })),
  status: 'RECEIVED',
  files: Object.fromEntries(IDS.map((id) => [id, `${id}!`])),
});

const readback = ({ notes, status, files }: Held): Readback =>
  ({
    list: async (who: number) => (who === SENDER_DESK ? [] : notes),
    case: async () => ({ status: 'SENT', events: [] }),
    folder: async (id: string) => ({ globalStatus: 'HUBEE_COMPLETED', attachments: [{ id, status }] }),
    file: async (_who: number, id: string) => files[id],
  }) as unknown as Readback;

async function sorts(change: (held: Held, history: History) => void, spoilt = 0): Promise<Sort[]> {
  const [product, asked] = [held(), history()];
  change(product, asked);
  const findings = await new Checker(asked, readback(product), country as never).check(spoilt);
  return findings.map(({ sort }) => sort);
}

describe('the checker of chaos runs', () => {
  it('finds nothing wrong with a product that keeps everything', async () => {
    deepEqual(await sorts(() => undefined), []);
  });

  it('finds a notification that is lost, one told twice, and two in a wrong order', async () => {
    deepEqual(await sorts(({ notes }) => notes.pop()), ['lost']);
    deepEqual(await sorts(({ notes }) => notes.push({ id: 'again', case: 'c', event: null })), ['doubled']);
    deepEqual(await sorts(({ notes }) => notes.reverse()), ['reordered', 'reordered']);
  });

  it('finds a file that is another or absent, unless it was spoilt on purpose, and an upload forgotten', async () => {
    deepEqual(await sorts(({ files }) => Object.assign(files, { a: 'other' }), 1), ['lost']);
    deepEqual(await sorts(({ files }) => delete files['a']), ['lost']);
    deepEqual(await sorts(({ files }) => delete files['a'], 1), []);
    deepEqual(await sorts((product) => Object.assign(product, { status: 'PENDING' })), ['lost', 'lost', 'lost']);
  });

  it('finds a deletion undone, and lets what was deleted be absent', async () => {
    const note = { id: 'na', case: 'a', event: null };
    const deletion: Entry = { kind: 'delete', who: 0, sent: 50, done: 51, status: 204, note };
    deepEqual(await sorts((_product, asked) => asked.add(deletion)), ['lost']);
    const gone = ({ notes }: Held, asked: History) => {
      notes.shift();
      asked.add(deletion);
    };
    deepEqual(await sorts(gone), []);
  });

  it('does not ask for an order between completions that overlapped', async () => {
    const overlap = ({ notes }: Held, asked: History) => {
      notes.reverse();
      for (const entry of asked.entries) entry.done = 100;
    };
    deepEqual(await sorts(overlap), []);
  });
});
