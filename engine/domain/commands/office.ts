import type { Id } from '../ids.ts';
import type { OrgKey } from '../organization.ts';
import type { Template } from '../records/office.ts';

/** What is settled for the agents of an organisation, in the referential's partition. Answers: 200 with the office. */
export type OfficeCommand =
  /** ADMIN: whether its agents may sign in by passkeys; `by`: which client said so */
  | { kind: 'office.passkeys'; org: OrgKey; allowed: boolean; by: string }
  /** makes a template, or puts it in the place of the one with its id */
  | { kind: 'office.template.put'; org: OrgKey; template: Omit<Template, 'updated'>; isNew: boolean }
  | { kind: 'office.template.remove'; org: OrgKey; template: Id };
