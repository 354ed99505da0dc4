import type { CommandOf } from '../commands.ts';
import type { Decision } from '../decision.ts';
import { orgKey } from '../organization.ts';
import { organizationName } from '../records/names.ts';

/** Contract §7, POST /organizations: 201 with the state, or `organizationExists`. */
export function decideCreate(command: CommandOf<'organization.create'>, decision: Decision): void {
  const key = orgKey(command.organization);
  const name = organizationName(key);
  if (decision.get(name)) decision.refuse('organizationExists', key);
  const state = { ...command.organization, created: decision.now, updated: null };
  decision.put(name, state);
  decision.count('organization.created');
  decision.reply(201, state);
}

/** Contract §7, PUT /organizations/{id}: the whole object; its identity is its key and never changes. */
export function decideUpdate(command: CommandOf<'organization.update'>, decision: Decision): void {
  const name = organizationName(command.key);
  const stored = decision.get(name);
  if (!stored) decision.refuse('organizationUnknown');
  const asked = orgKey(command.organization);
  if (asked !== command.key) {
    decision.refuse('rule', `Organization ${command.key} cannot be renamed to ${asked}: its identity is fixed`);
  }
  const state = { ...command.organization, created: stored.created, updated: decision.now };
  decision.put(name, state);
  decision.reply(200, state);
}
