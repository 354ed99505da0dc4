import { pathId } from '#api/schemas/parameters.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { HttpError } from '#api/server/errors.ts';
import type { Request } from '#api/server/types.ts';
import type { Caller } from '#engine/domain/commands.ts';
import { DomainError } from '#engine/domain/errors.ts';
import type { Id } from '#engine/domain/ids.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import type { WebhookState } from '#engine/domain/records/webhook.ts';

/** A webhook is its organisation's; credentials for one démarche see those that are sent nothing else. */
export const isVisible = ({ org, processes }: WebhookState, caller: Caller): boolean =>
  org === caller.org &&
  (caller.process === undefined || (processes?.every((process) => process === caller.process) ?? false));

/** What the caller may be sent of what it asks for. @throws HttpError 403 for another's démarche */
export function processesOf({ process }: Caller, asked: string[] | null | undefined): string[] | null {
  if (process === undefined) return asked ?? null;
  if (asked?.some((code) => code !== process))
    throw new HttpError(403, 'Ces identifiants ne donnent accès qu’à une démarche : retirez les autres');
  return [process];
}

/** @throws DomainError 404 when there is none the caller may see */
export async function findOwn(
  { hub }: ApiDeps,
  caller: Caller,
  which: Request | Id,
): Promise<{ webhook: WebhookState; cursor: { acknowledged: number } | undefined }> {
  const id = typeof which === 'string' ? which : pathId(which, 'webhookId');
  const found = await hub.webhooks.find(partitionOf(caller.org), id, caller.org);
  if (found === undefined || !isVisible(found.webhook, caller)) throw new DomainError('webhookUnknown');
  const { webhook, cursor } = found;
  return { webhook, cursor: cursor === null ? undefined : { acknowledged: cursor } };
}
