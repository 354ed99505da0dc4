/** The state of a list, which is its address: view, filters, sort. */

export const VIEWS = ['waiting', 'progress', 'awaiting', 'overdue', 'done', 'all'] as const;
export const SORTS = ['received', 'number', 'applicant', 'status', 'updated'] as const;
export type View = (typeof VIEWS)[number];
export type Sort = (typeof SORTS)[number];

export interface ListState {
  view: View;
  process: string;
  status: string;
  from: string;
  to: string;
  unread: boolean;
  /** id of an agent, `moi`, `personne`; '': anybody */
  assignee: string;
  q: string;
  sort: Sort;
  descending: boolean;
}

/** Names in the address. */
const VIEW_WORDS: Readonly<Record<View, string>> = {
  waiting: 'a-traiter',
  progress: 'en-cours',
  awaiting: 'en-attente',
  overdue: 'echus',
  done: 'traites',
  all: 'tous',
};
const SORT_WORDS: Readonly<Record<Sort, string>> = {
  received: 'reception',
  number: 'numero',
  applicant: 'demandeur',
  status: 'etat',
  updated: 'changement',
};
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LONGEST = 200;
const ASSIGNEE = /^(?:moi|personne|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/;
const ASSIGNEE_WORDS: Readonly<Record<string, string>> = { moi: 'me', personne: 'none' };

const named = <K extends string>(words: Readonly<Record<K, string>>, text: string | null, fallback: K): K =>
  (Object.keys(words) as K[]).find((key) => words[key] === text) ?? fallback;

export function readList(params: URLSearchParams): ListState {
  const text = (name: string): string => (params.get(name) ?? '').trim().slice(0, LONGEST);
  const day = (name: string): string => (DAY.test(text(name)) ? text(name) : '');
  return {
    view: named(VIEW_WORDS, params.get('vue'), 'waiting'),
    process: text('demarche'),
    status: /^[A-Z_]{1,20}$/.test(text('etat')) ? text('etat') : '',
    from: day('depuis'),
    to: day('jusqua'),
    unread: params.get('nonlu') === '1',
    assignee: ASSIGNEE.test(text('attribue')) ? text('attribue') : '',
    q: text('q'),
    sort: named(SORT_WORDS, params.get('tri'), 'received'),
    descending: params.get('ordre') === 'desc',
  };
}

/** The address' parameters, without what is usual. */
export function listParams(state: ListState): URLSearchParams {
  const params = new URLSearchParams();
  const set = (name: string, value: string, usual = ''): void => {
    if (value !== usual) params.set(name, value);
  };
  set('vue', VIEW_WORDS[state.view], VIEW_WORDS.waiting);
  set('demarche', state.process);
  set('etat', state.status);
  set('depuis', state.from);
  set('jusqua', state.to);
  set('nonlu', state.unread ? '1' : '');
  set('attribue', state.assignee);
  set('q', state.q);
  set('tri', SORT_WORDS[state.sort], SORT_WORDS.received);
  set('ordre', state.descending ? 'desc' : '');
  return params;
}

export function listHref(state: ListState, change: Partial<ListState> = {}): string {
  const params = listParams({ ...state, ...change }).toString();
  return params ? `/dossiers?${params}` : '/dossiers';
}

/** What the hub is asked. */
export function hubQuery(state: ListState): URLSearchParams {
  const query = new URLSearchParams({ view: state.view, sort: state.sort, order: state.descending ? 'desc' : 'asc' });
  if (state.process) query.set('processCode', state.process);
  if (state.status) query.set('status', state.status);
  if (state.from) query.set('from', state.from);
  if (state.to) query.set('to', state.to);
  if (state.unread) query.set('unread', 'true');
  if (state.assignee) query.set('assignee', ASSIGNEE_WORDS[state.assignee] ?? state.assignee);
  if (state.q) query.set('q', state.q);
  return query;
}

export const isFiltered = ({ process, status, from, to, unread, assignee, q }: ListState): boolean =>
  Boolean(process || status || from || to || unread || assignee || q);

export const viewWord = (view: View): string => VIEW_WORDS[view];
export const sortWord = (sort: Sort): string => SORT_WORDS[sort];
