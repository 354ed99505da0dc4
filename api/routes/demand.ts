import { refused } from '#api/server/errors.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Command } from '#engine/domain/commands.ts';
import type { Answer } from '#engine/domain/decision.ts';

/**
 * The committed answer of a partition, its deliveries included (contract §2, consistency).
 * @throws HttpError its refusal; DomainError `busy`, `tooMany`
 */
export async function demand(hub: Hub, partition: number, command: Command): Promise<Answer> {
  const answer = await hub.ask(partition, command);
  if (answer.status >= 400) throw refused(answer);
  return answer;
}
