import type { Id } from '../domain/ids.ts';
import type { OrgKey } from '../domain/organization.ts';
import type { ViewStore } from '../redis/views.ts';
import { served } from './served.ts';

/** A filter of the list of cases that somebody gave a name. */
export interface SavedView {
  name: string;
  /** query of the list */
  filter: string;
  /** who keeps it, or shares it */
  by: Id;
  /** ms */
  at: number;
}

/** Whose views: an agent's own, or those shared in an organisation. */
export type ViewOwner = Id | OrgKey;

/** The field that names the view an agent begins with; no slug begins so. */
const FIRST = '=';

/**
 * Saved views, in Redis as sessions are (decision 025): no journal has them. A failover that loses a moment loses the view
 * that was named in it; neither a restart nor an index made anew loses any. Every call throws DomainError busy when Redis
 * is away.
 */
export class Views {
  readonly #store: ViewStore;

  constructor(store: ViewStore) {
    this.#store = store;
  }

  /** By slug. */
  async of(owner: ViewOwner): Promise<Map<string, SavedView>> {
    return (await this.kept(owner)).views;
  }

  /** By slug, and the slug of the one that an agent's list begins with, which may be gone; undefined: none. One read. */
  async kept(owner: ViewOwner): Promise<{ views: Map<string, SavedView>; first: string | undefined }> {
    const { [FIRST]: first, ...texts } = await served(this.#store.all(owner));
    const views = Object.entries(texts).map(([slug, text]) => [slug, JSON.parse(text) as SavedView] as const);
    return { views: new Map(views), first };
  }

  put(owner: ViewOwner, slug: string, view: SavedView): Promise<void> {
    return served(this.#store.put(owner, slug, JSON.stringify(view)));
  }

  remove(owner: ViewOwner, slug: string): Promise<void> {
    return served(this.#store.remove(owner, slug));
  }

  /** Slug of the view an agent's list begins with; undefined: none. It may be gone. */
  async first(agent: Id): Promise<string | undefined> {
    return (await this.kept(agent)).first;
  }

  setFirst(agent: Id, slug: string | null): Promise<void> {
    return served(slug === null ? this.#store.remove(agent, FIRST) : this.#store.put(agent, FIRST, slug));
  }
}
