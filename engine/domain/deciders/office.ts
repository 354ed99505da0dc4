import type { CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import type { OrgKey } from '../organization.ts';
import { officeName, organizationName, processName } from '../records/names.ts';
import { MAX_TEMPLATES, type OfficeState } from '../records/office.ts';

const officeOf = (decision: Decision, org: OrgKey): OfficeState =>
  decision.get(officeName(org)) ?? { org, passkeys: null, templates: [] };

/** ADMIN's word on passkeys; repeated, the same answer and no effect: who said it first stays written. */
export function decidePasskeys(command: CommandOf<'office.passkeys'>, decision: Decision): void {
  const { org, allowed, by } = command;
  if (decision.get(organizationName(org)) === undefined) decision.refuse('organizationUnknown');
  const stored = officeOf(decision, org);
  if ((stored.passkeys !== null) === allowed) decision.reply(200, stored);
  else settle(decision, { ...stored, passkeys: allowed ? { by, since: decision.now } : null });
}

/** A template, new or changed: 404 for one that is gone meanwhile. */
export function decideTemplate(command: CommandOf<'office.template.put'>, decision: Decision): void {
  const { org, template, isNew } = command;
  const stored = officeOf(decision, org);
  const { process } = template;
  if (process !== null && decision.get(processName(process)) === undefined) {
    decision.refuse('rule', `Process ${process} does not exist`);
  }
  const made = { ...template, updated: decision.now };
  const isThere = stored.templates.some(({ id }) => id === template.id);
  if (isThere) {
    settle(decision, { ...stored, templates: stored.templates.map((one) => (one.id === template.id ? made : one)) });
    return;
  }
  if (!isNew) decision.refuse('templateUnknown');
  if (stored.templates.length >= MAX_TEMPLATES) {
    decision.refuse('conflict', `An organization has at most ${MAX_TEMPLATES} templates`);
  }
  settle(decision, { ...stored, templates: [...stored.templates, made] });
}

export function decideRemoveTemplate(command: CommandOf<'office.template.remove'>, decision: Decision): void {
  const stored = officeOf(decision, command.org);
  const templates = stored.templates.filter(({ id }) => id !== command.template);
  if (templates.length === stored.templates.length) decision.refuse('templateUnknown');
  settle(decision, { ...stored, templates });
}

/** One that says nothing takes no room. */
function settle(decision: Decision, state: OfficeState): void {
  const name = officeName(state.org);
  if (state.passkeys === null && state.templates.length === 0) decision.remove(name);
  else decision.put(name, state);
  decision.reply(200, state);
}
