import type { OrgKey } from '../organization.ts';

/** A migration from here: whether its target lets it in, and its stamp, higher than that of any before it. */
export interface Leaving {
  /** null: all démarches */
  process: string | null;
  target: OrgKey;
  /** ms */
  at: number;
  granted: boolean;
}

/** A migration to here, let in. */
export interface Entering {
  /** null: all démarches */
  process: string | null;
  source: OrgKey;
  /** its stamp */
  at: number;
}

/** Migrations under way at a mailbox: of a démarche there are some to one target, or some to here. */
export interface Migrations {
  out: Leaving[];
  into: Entering[];
}

/** What source and target say to each other of a migration. */
export interface Passage {
  source: OrgKey;
  target: OrgKey;
  process: string | null;
  /** its stamp */
  at: number;
}

/** A migration another one may not happen beside. */
export interface Obstacle {
  source: OrgKey;
  target: OrgKey;
}
