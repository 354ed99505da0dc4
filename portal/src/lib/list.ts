/** The state of a list, which is its address: view, filters, sort. */

export const VIEWS = ['waiting', 'progress', 'awaiting', 'overdue', 'done', 'all'] as const;
export const SORTS = ['received', 'deadline', 'number', 'applicant', 'status', 'updated'] as const;
export type View = (typeof VIEWS)[number];
/** Deadlines one may look for, hours. */
export const DUES = ['48', '168'] as const;
export type Due = (typeof DUES)[number];
export type Sort = (typeof SORTS)[number];

export interface ListState {
  view: View;
  process: string;
  status: string;
  from: string;
  to: string;
  unread: boolean;
  /** hours until its deadline; '': whatever it is */
  due: '' | Due;
  /** id of an agent, `moi`, `personne`; '': anybody */
  assignee: string;
  q: string;
  sort: Sort;
  descending: boolean;
  /** the address names its view, even the usual one: it is not the saved view the agent begins with */
  named: boolean;
  /** slug of the saved view it comes from; '' : none */
  saved: string;
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
  deadline: 'echeance',
  number: 'numero',
  applicant: 'demandeur',
  status: 'etat',
  updated: 'changement',
};
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LONGEST = 200;
const ASSIGNEE = /^(?:moi|personne|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/;
const SLUG = /^[a-z0-9-]{1,48}$/;
const ASSIGNEE_WORDS: Readonly<Record<string, string>> = { moi: 'me', personne: 'none' };

/** Open cases are worked off by their deadlines, those without one behind, as they came; the others are looked up. */
export const usualSort = (view: View): Sort => (view === 'done' || view === 'all' ? 'received' : 'deadline');

const named = <K extends string>(words: Readonly<Record<K, string>>, text: string | null, fallback: K): K =>
  (Object.keys(words) as K[]).find((key) => words[key] === text) ?? fallback;

export function readList(params: URLSearchParams): ListState {
  const text = (name: string): string => (params.get(name) ?? '').trim().slice(0, LONGEST);
  const day = (name: string): string => (DAY.test(text(name)) ? text(name) : '');
  const view = named(VIEW_WORDS, params.get('vue'), 'waiting');
  return {
    view,
    process: text('demarche'),
    status: /^[A-Z_]{1,20}$/.test(text('etat')) ? text('etat') : '',
    from: day('depuis'),
    to: day('jusqua'),
    unread: params.get('nonlu') === '1',
    due: DUES.find((hours) => hours === params.get('echeance')) ?? '',
    assignee: ASSIGNEE.test(text('attribue')) ? text('attribue') : '',
    q: text('q'),
    sort: named(SORT_WORDS, params.get('tri'), usualSort(view)),
    descending: params.get('ordre') === 'desc',
    named: VIEWS.some((view) => VIEW_WORDS[view] === params.get('vue')),
    saved: SLUG.test(text('enregistree')) ? text('enregistree') : '',
  };
}

/** The address' parameters, without what is usual. */
export function listParams(state: ListState): URLSearchParams {
  const params = new URLSearchParams();
  const set = (name: string, value: string, usual = ''): void => {
    if (value !== usual) params.set(name, value);
  };
  set('vue', VIEW_WORDS[state.view], state.named ? '' : VIEW_WORDS.waiting);
  set('demarche', state.process);
  set('etat', state.status);
  set('depuis', state.from);
  set('jusqua', state.to);
  set('echeance', state.due);
  set('nonlu', state.unread ? '1' : '');
  set('attribue', state.assignee);
  set('q', state.q);
  set('tri', SORT_WORDS[state.sort], SORT_WORDS[usualSort(state.view)]);
  set('ordre', state.descending ? 'desc' : '');
  set('enregistree', state.saved);
  return params;
}

/** Another view of a list in its usual order comes in its own usual order. */
export function listHref(state: ListState, change: Partial<ListState> = {}): string {
  const { view = state.view } = change;
  const sort = state.sort === usualSort(state.view) && !state.descending ? usualSort(view) : state.sort;
  const params = listParams({ ...state, sort, ...change }).toString();
  return params ? `/dossiers?${params}` : '/dossiers';
}

/** What the hub is asked. */
export function hubQuery(state: ListState): URLSearchParams {
  const query = new URLSearchParams({ view: state.view, sort: state.sort, order: state.descending ? 'desc' : 'asc' });
  if (state.process) query.set('processCode', state.process);
  if (state.status) query.set('status', state.status);
  if (state.from) query.set('from', state.from);
  if (state.to) query.set('to', state.to);
  if (state.due) query.set('dueWithin', state.due);
  if (state.unread) query.set('unread', 'true');
  if (state.assignee) query.set('assignee', ASSIGNEE_WORDS[state.assignee] ?? state.assignee);
  if (state.q) query.set('q', state.q);
  return query;
}

/** The list of a filter as the hub keeps it. */
export function listOf(filter: string): ListState {
  const query = new URLSearchParams(filter);
  const text = (name: string): string => query.get(name) ?? '';
  const assignee = text('assignee');
  return readList(
    listParams({
      view: VIEWS.find((view) => view === query.get('view')) ?? 'all',
      process: text('processCode'),
      status: text('status'),
      from: text('from'),
      to: text('to'),
      unread: query.get('unread') === 'true',
      due: DUES.find((hours) => hours === query.get('dueWithin')) ?? '',
      assignee: Object.keys(ASSIGNEE_WORDS).find((word) => ASSIGNEE_WORDS[word] === assignee) ?? assignee,
      q: text('q'),
      sort: SORTS.find((sort) => sort === query.get('sort')) ?? 'received',
      descending: query.get('order') === 'desc',
      named: true,
      saved: '',
    }),
  );
}

export const isFiltered = ({ process, status, from, to, due, unread, assignee, q }: ListState): boolean =>
  Boolean(process || status || from || to || due || unread || assignee || q);

export const viewWord = (view: View): string => VIEW_WORDS[view];
export const sortWord = (sort: Sort): string => SORT_WORDS[sort];
