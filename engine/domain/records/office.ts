import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';

/** What a template is written for. Kept by place in stored texts: the list only grows at its end. */
export const TEMPLATE_KINDS = ['message', 'request', 'refusal'] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

/** A text the agents of an organisation begin with, with variables to fill in. */
export interface Template {
  id: Id;
  kind: TemplateKind;
  name: string;
  /** null: for all of the organisation's démarches */
  process: string | null;
  text: string;
  /** ms */
  updated: number;
}

/** What is settled for the agents of one organisation: `D<org>`. */
export interface OfficeState {
  org: OrgKey;
  /** its agents may sign in by passkeys: who of the platform said so, and when, ms; null: by the provider only */
  passkeys: { by: string; since: number } | null;
  templates: readonly Template[];
}

/** Templates of one organisation: every API process has all of them in memory. */
export const MAX_TEMPLATES = 100;
