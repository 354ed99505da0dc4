import { deepEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Checker, type Sort } from './checker.ts';
import { type Entry, History, type Note, SENDER_DESK } from './history.ts';
import type { CaseSeen, Readback } from './readback.ts';

/** A product that keeps everything, as it is asked to be at the end; a test takes something from it. */
interface Held {
  notes: Note[];
  status: string;
  files: Record<string, string>;
  folder: { globalStatus: string } | undefined;
  /** the one of case `a` */
  case: CaseSeen | undefined;
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
  folder: { globalStatus: 'HUBEE_COMPLETED' },
  case: { status: 'SENT', events: [] },
});

/** The town's two events on case `a`, as chaos asks for them; the last one answered with `status`. */
function answer(product: Held, asked: History, status = 201): void {
  for (const [index, caseStatus] of ['IN_PROGRESS', 'DONE'].entries()) {
    const event = `e${index}`;
    const about = {
      kind: 'event',
      who: 0,
      case: 'a',
      caseStatus,
      sent: 40 + index * 10,
      done: 45 + index * 10,
    } as const;
    asked.add(index === 0 || status === 201 ? { ...about, status: 201, event } : { ...about, status });
    product.case?.events.push({ id: event, caseNewStatus: caseStatus });
  }
  Object.assign(product.case as CaseSeen, { status: 'DONE' });
}

/** What the sender is told of them. */
const told = (): Note[] => ['e0', 'e1'].map((event) => ({ id: `n${event}`, case: 'a', event }));

const readback = ({ notes, status, files, ...seen }: Held, sender: Note[]): Readback =>
  ({
    list: async (who: number) => (who === SENDER_DESK ? sender : notes),
    case: async (_who: number, id: string) => (id === 'a' ? seen.case : { status: 'SENT', events: [] }),
    folder: async (id: string) => seen.folder && { ...seen.folder, attachments: [{ id, status }] },
    file: async (_who: number, id: string) => files[id],
  }) as unknown as Readback;

type Change = (held: Held, history: History) => void;

async function sorts(change: Change, spoilt = 0, sender: Note[] = []): Promise<Sort[]> {
  const [product, asked] = [held(), history()];
  change(product, asked);
  const findings = await new Checker(asked, readback(product, sender), country as never).check(spoilt);
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

  it('finds a folder, a case, a completion that are lost', async () => {
    deepEqual(await sorts((product) => Object.assign(product, { folder: undefined })), ['lost', 'lost', 'lost']);
    deepEqual(await sorts((product) => Object.assign(product, { case: undefined })), ['lost']);
    deepEqual(await sorts(({ folder }) => Object.assign(folder as object, { globalStatus: 'HUBEE_RECEIVED' })), [
      'lost',
      'lost',
      'lost',
    ]);
  });

  it('finds an event that is lost, one done twice, two in a wrong order, and a status that does not hold', async () => {
    const events = (change: (seen: CaseSeen) => void, status?: number): Change => {
      return (product, asked) => {
        answer(product, asked, status);
        change(product.case as CaseSeen);
      };
    };
    const double = { id: 'again', caseNewStatus: 'IN_PROGRESS' };
    deepEqual(
      await sorts(
        events(() => undefined),
        0,
        told(),
      ),
      [],
    );
    deepEqual(
      await sorts(
        events((seen) => seen.events.pop()),
        0,
        told(),
      ),
      ['lost'],
    );
    deepEqual(
      await sorts(
        events((seen) => seen.events.push(double)),
        0,
        told(),
      ),
      ['doubled'],
    );
    deepEqual(
      await sorts(
        events((seen) => seen.events.splice(1, 1, double), 0),
        0,
        told(),
      ),
      ['doubled'],
    );
    deepEqual(
      await sorts(
        events((seen) => seen.events.reverse()),
        0,
        told(),
      ),
      ['reordered'],
    );
    deepEqual(
      await sorts(
        events((seen) => Object.assign(seen, { status: 'IN_PROGRESS' })),
        0,
        told(),
      ),
      ['lost'],
    );
    deepEqual(
      await sorts(
        events(() => undefined),
        0,
        told().slice(1),
      ),
      ['lost'],
    );
    deepEqual(
      await sorts(
        events(() => undefined),
        0,
        told().reverse(),
      ),
      ['reordered'],
    );
  });

  it('finds in the lists of a run what was told under two numbers, or in a wrong order', async () => {
    const list = (notes: Note[], sent = 1): Entry => ({
      kind: 'list',
      who: 0,
      sent,
      done: 61,
      status: 200,
      list: notes,
    });
    deepEqual(await sorts((_product, asked) => asked.add(list([{ id: 'other', case: 'a', event: null }], 1))), [
      'doubled',
    ]);
    const twice: Change = ({ notes }, asked) => {
      asked.add(list([notes[0] as Note]));
      asked.add(list([{ id: 'other', case: 'a', event: null }]));
    };
    deepEqual(await sorts(twice), ['doubled']);
    deepEqual(await sorts(({ notes }, asked) => asked.add(list(notes.toReversed()))), ['reordered', 'reordered']);
  });

  it('finds a native deposit that is lost, and one under whose key two folders came', async () => {
    const native: Entry = { kind: 'native', who: 0, sent: 70, done: 71, key: 'k', digest: 'd!', status: 0 };
    const known = { folder: 'd', case: 'd', file: 'd' };
    const kept: Note = { id: 'nd', case: 'd', event: null };
    const deposited: Change = (product, asked) => {
      product.notes.push(kept);
      Object.assign(product.files, { d: 'd!' });
      asked.add(native);
      asked.add({ ...native, sent: 72, done: 73, status: 201, ...known });
    };
    deepEqual(await sorts(deposited), []);
    const without: Change = (product, asked) => {
      deposited(product, asked);
      product.notes.pop();
    };
    deepEqual(await sorts(without), ['lost']);
    const twice: Change = (product, asked) => {
      deposited(product, asked);
      product.notes.push({ id: 'ne', case: 'e', event: null });
    };
    deepEqual(await sorts(twice), ['doubled']);
  });

  it('finds a list that lacked for a while what had been acknowledged, or showed what had been deleted', async () => {
    const [a, b, c] = held().notes as [Note, Note, Note];
    const list = (notes: Note[]): Entry => ({ kind: 'list', who: 0, sent: 60, done: 61, status: 200, list: notes });
    const deletion: Entry = { kind: 'delete', who: 0, sent: 50, done: 51, status: 204, note: a };
    const deleted = (notes: Note[]): Change => {
      return (product, asked) => {
        product.notes.shift();
        asked.add(deletion);
        asked.add(list(notes));
      };
    };
    deepEqual(await sorts((_product, asked) => asked.add(list([a, b, c]))), []);
    deepEqual(await sorts((_product, asked) => asked.add(list([a, b]))), ['lost']);
    deepEqual(await sorts(deleted([b, c])), []);
    deepEqual(await sorts(deleted([a, b, c])), ['lost']);
  });
});
