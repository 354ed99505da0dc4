import { randomBytes } from 'node:crypto';
import { agentOf } from '#api/agents/account.ts';
import { personOf } from '#api/desk/people.ts';
import { replacing } from '#api/desk/standin.ts';
import { questionOf } from '#api/index/asked.ts';
import { folded } from '#api/index/row.ts';
import { COUNTED } from '#api/index/search.ts';
import { bodyOf, matchOf, onlyAsked } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { FilterQuery } from '#api/schemas/lists.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import { Query } from '#api/server/query.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { SavedView, ViewOwner } from '#engine/client/views.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { NewView, SLUG_LENGTH, View, ViewChange, ViewList, ViewsQuery } from './schema.ts';

/** Views of one agent, and of one organisation: as many as a row of tabs can show, and some. */
const MOST_VIEWS = 30;
/** Views that are counted: each costs a look of some milliseconds, and a list waits for all of them. */
const MOST_COUNTED = 12;
const SUFFIX_BYTES = 2;

interface Placed extends SavedView {
  slug: string;
  owner: ViewOwner;
}

/** Owners of the views an agent may see: itself, and the organisation it has chosen. */
function ownersOf(request: Request): ViewOwner[] {
  const { state, membership } = agentOf(request);
  return membership === null ? [state.id] : [state.id, membership.org];
}

/** @returns with the slug of the view the agent begins with */
async function allOf({ hub }: ApiDeps, request: Request): Promise<{ all: Placed[]; first: string | undefined }> {
  const owners = ownersOf(request);
  const kept = await Promise.all(owners.map((owner) => hub.views.kept(owner)));
  const all = kept.flatMap(({ views }, index) =>
    Array.from(views, ([slug, view]) => ({ ...view, slug, owner: owners[index] as ViewOwner })),
  );
  return { all: all.sort((a, b) => a.at - b.at), first: kept[0]?.first };
}

const filterRequest = (request: Request, filter: string) => {
  const { caller, agent } = request;
  return { caller, agent, query: new Query(filter) };
};

/** How many cases a view shows this agent; null: this hub keeps no index. */
async function totalOf({ hub, lists }: ApiDeps, request: Request, filter: string) {
  if (lists === undefined) return null;
  const question = questionOf(filterRequest(request, filter), hub.now(), replacing(hub));
  const count = await lists.ask('count', question);
  return { count: Math.min(count, COUNTED), exact: count <= COUNTED };
}

/** Who made it, and administrators of its organisation. */
function isChangeable(request: Request, { owner, by }: Placed): boolean {
  const { state, membership } = agentOf(request);
  return by === state.id || (owner === membership?.org && membership.role === 'administrator');
}

const shown = (deps: ApiDeps, request: Request, view: Placed, first: string | undefined) => ({
  slug: view.slug,
  name: view.name,
  filter: view.filter,
  shared: view.owner !== agentOf(request).state.id,
  by: personOf(deps.hub.referential, view.by).name,
  changeable: isChangeable(request, view),
  first: view.slug === first,
});

async function list(deps: ApiDeps, request: Request): Promise<Reply> {
  onlyAsked(request, Object.keys(ViewsQuery.properties));
  const counts = matchOf(request, 'counts', /^(true|false)?$/, 'true ou false') !== 'false';
  const { all, first } = await allOf(deps, request);
  const items = await Promise.all(
    all.map(async (view, index) => {
      const total = counts && index < MOST_COUNTED ? await totalOf(deps, request, view.filter) : null;
      return { ...shown(deps, request, view, first), total };
    }),
  );
  return { status: 200, json: { items } };
}

/** Filters that a list takes, as they are kept. @throws Problem */
function checked({ hub }: ApiDeps, request: Request, filter: string): string {
  const asked = filterRequest(request, filter);
  onlyAsked(asked, Object.keys(FilterQuery.properties));
  questionOf(asked, hub.now(), replacing(hub));
  return filter;
}

/** Words of the name that an address can hold, and a few signs so that no two are one. */
function slugOf(name: string): string {
  const words = folded(name).match(/[a-z0-9]+/g) ?? [];
  const suffix = randomBytes(SUFFIX_BYTES).toString('hex');
  const stem = words
    .join('-')
    .slice(0, SLUG_LENGTH - suffix.length - 1)
    .replace(/-$/, '');
  return `${stem || 'vue'}-${suffix}`;
}

/** @throws Problem when it is too full, or no organisation is chosen to share with */
async function placeFor({ hub }: ApiDeps, request: Request, isShared: boolean): Promise<ViewOwner> {
  const { state, membership } = agentOf(request);
  if (isShared && membership === null)
    throw new Problem('form-invalid', 'Une vue se partage avec une organisation : en choisir une d’abord.');
  const owner = isShared && membership !== null ? membership.org : state.id;
  if ((await hub.views.of(owner)).size >= MOST_VIEWS) throw new Problem('limit-reached', `${MOST_VIEWS} vues au plus.`);
  return owner;
}

async function add(deps: ApiDeps, request: Request): Promise<Reply> {
  const { hub } = deps;
  const { name, filter, shared = false } = await bodyOf(NewView, request);
  const now = hub.now();
  const view: SavedView = {
    name: named(name),
    filter: checked(deps, request, filter),
    by: agentOf(request).state.id,
    at: now,
  };
  const owner = await placeFor(deps, request, shared);
  const slug = slugOf(view.name);
  await hub.views.put(owner, slug, view);
  return { status: 201, json: { ...shown(deps, request, { ...view, slug, owner }, undefined), total: null } };
}

/** @throws Problem */
function named(text: string): string {
  const name = text.trim().replace(/\s+/g, ' ');
  if (name === '') throw new Problem('form-invalid', 'Un nom est attendu.');
  return name;
}

/** @throws Problem not-found */
async function found(deps: ApiDeps, request: Request): Promise<Placed> {
  const slug = request.param('slug');
  const view = (await allOf(deps, request)).all.find((one) => one.slug === slug);
  if (view === undefined) throw new Problem('not-found', 'Aucune vue de ce nom pour cet agent.');
  return view;
}

async function change(deps: ApiDeps, request: Request): Promise<Reply> {
  const { views } = deps.hub;
  const view = await found(deps, request);
  const { state } = agentOf(request);
  const { name, shared, first } = await bodyOf(ViewChange, request);
  if ((name !== undefined || shared !== undefined) && !isChangeable(request, view)) throw new DomainError('forbidden');
  const { slug, owner, ...kept } = view;
  const moves = shared !== undefined && shared !== (owner !== state.id);
  const next = moves ? (shared ? await placeFor(deps, request, true) : kept.by) : owner;
  const saved: SavedView = { ...kept, ...(name !== undefined && { name: named(name) }) };
  if (moves || name !== undefined) await views.put(next, slug, saved);
  if (moves) await views.remove(owner, slug);
  if (first !== undefined) {
    const before = await views.first(state.id);
    if (first) await views.setFirst(state.id, slug);
    else if (before === slug) await views.setFirst(state.id, null);
  }
  const current = await views.first(state.id);
  return { status: 200, json: { ...shown(deps, request, { ...saved, slug, owner: next }, current), total: null } };
}

async function remove(deps: ApiDeps, request: Request): Promise<Reply> {
  const view = await found(deps, request);
  if (!isChangeable(request, view)) throw new DomainError('forbidden');
  await deps.hub.views.remove(view.owner, view.slug);
  return { status: 204 };
}

const PATH = '/relais/v1/views';
const ONE = `${PATH}/{slug}`;
const SCOPES = ['AGENT'] as const;

/** Filters of the list that agents gave a name, each for itself or all of an organisation. */
export const routes = (deps: ApiDeps): Route[] => [
  {
    method: 'GET',
    path: PATH,
    together: true,
    scopes: SCOPES,
    anyOrganization: true,
    summary: 'Liste les vues de l’agent, et celles que son organisation partage, avec leurs nombres de dossiers',
    schemas: { query: ViewsQuery, answers: { 200: ViewList, ...problems(503) } },
    handler: (request) => list(deps, request),
  },
  {
    method: 'POST',
    path: PATH,
    scopes: SCOPES,
    anyOrganization: true,
    body: 'json',
    summary: 'Enregistre les filtres d’une liste sous un nom, pour l’agent ou pour son organisation',
    schemas: { body: NewView, answers: { 201: View, ...problems(409, 503) } },
    handler: (request) => add(deps, request),
  },
  {
    method: 'PATCH',
    path: ONE,
    scopes: SCOPES,
    anyOrganization: true,
    body: 'json',
    summary: 'Renomme une vue, la partage ou non, ou en fait celle par laquelle la liste commence',
    schemas: { body: ViewChange, answers: { 200: View, ...problems(404, 409, 503) } },
    handler: (request) => change(deps, request),
  },
  {
    method: 'DELETE',
    path: ONE,
    scopes: SCOPES,
    anyOrganization: true,
    summary: 'Supprime une vue',
    schemas: { answers: { 204: null, ...problems(404, 503) } },
    handler: (request) => remove(deps, request),
  },
];
