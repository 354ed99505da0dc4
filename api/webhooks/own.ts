import { idOf } from '#api/native/asked.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import type { Request } from '#api/server/types.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import type { Id } from '#engine/domain/ids.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import type { WebhookState } from '#engine/domain/records/webhook.ts';

/** Démarches credentials are confined to; undefined: none. */
const confinement = ({ process, processes }: Caller): readonly string[] | undefined =>
  process === undefined ? processes : [process];

/** A webhook is its organisation's; credentials confined to some démarches see those that are sent nothing else. */
export function isVisible({ org, processes }: WebhookState, caller: Caller): boolean {
  const allowed = confinement(caller);
  return (
    org === caller.org && (allowed === undefined || (processes?.every((process) => allowed.includes(process)) ?? false))
  );
}

/** What the caller may be sent of what it asks for. @throws Problem forbidden, for another's démarche */
export function processesOf(caller: Caller, asked: string[] | null | undefined): string[] | null {
  const allowed = confinement(caller);
  if (allowed === undefined) return asked ?? null;
  if (asked?.some((code) => !allowed.includes(code)))
    throw new Problem('forbidden', `Ces identifiants ne donnent accès qu’à ${allowed.join(', ')}.`);
  return asked ?? [...allowed];
}

/** @throws Problem webhook-unknown when there is none the caller may see */
export async function findOwn(
  { hub }: ApiDeps,
  caller: Caller,
  which: Request | Id,
): Promise<{ webhook: WebhookState; cursor: { acknowledged: number } | undefined }> {
  const id = typeof which === 'string' ? which : idOf(which, 'webhookId');
  const found = await hub.webhooks.find(partitionOf(caller.org), id, caller.org);
  if (found === undefined || !isVisible(found.webhook, caller)) throw new Problem('webhook-unknown');
  const { webhook, cursor } = found;
  return { webhook, cursor: cursor === null ? undefined : { acknowledged: cursor } };
}
