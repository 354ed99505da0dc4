import { authorOf } from '#api/agents/answers.ts';
import { processOf, purgeSettings } from '#api/answers/settings.ts';
import { bodyOf, idOf } from '#api/native/asked.ts';
import { problems } from '#api/native/schema.ts';
import { homeOfCase, processFor } from '#api/routes/command.ts';
import { partnerInfo, withPartner } from '#api/routes/partner.ts';
import { dateOrNull } from '#api/schemas/dates.ts';
import { CASE_SETTABLE } from '#api/schemas/status.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { NewEvent } from '#engine/domain/commands/contents.ts';
import type { Answer } from '#engine/domain/decision.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { KIND, newId, toUuid } from '#engine/domain/ids.ts';
import { traced } from '#engine/domain/trace.ts';
import { seenOf, tagOf } from './match.ts';
import { Decided, NewDecision } from './schema.ts';

const MS = 1_000;

/** Only its recipient decides on a case. @throws DomainError 403 */
export function mustReceive({ caller }: Pick<Request, 'caller'>): void {
  if (caller.scope !== 'SI') throw new DomainError('forbidden');
}

/** @throws Problem case-moved, decision-gone; HttpError */
export function settled(answer: Answer): Answer {
  if (answer.status === 412) throw new Problem('case-moved');
  if (answer.status === 410) throw new Problem('decision-gone');
  if (answer.status === 400) throw new Problem('conflict');
  if (answer.status >= 400) throw refused(answer);
  return answer;
}

async function decide({ hub }: ApiDeps, request: Request): Promise<Reply> {
  mustReceive(request);
  const { caller, agent } = request;
  const id = idOf(request, 'caseId');
  const seen = seenOf(request);
  const { statuses, message = null, author = null, undoSeconds = 0 } = await bodyOf(NewDecision, request);
  const other = statuses.find((status) => !CASE_SETTABLE.SI.has(status));
  if (other !== undefined) throw new Problem('form-invalid', `Un destinataire ne donne pas le statut ${other}.`);
  const home = homeOfCase(id);
  const purge = purgeSettings(processOf(hub.referential, await processFor(hub, caller, id)));
  const events = statuses.map(
    (status, index): NewEvent => ({
      id: newId(KIND.event, home, hub.now()),
      side: 'SI',
      actionType: 'STATUS_UPDATE',
      notification: true,
      message: index === statuses.length - 1 ? message : null,
      comment: null,
      author: agent ? authorOf(agent.state) : author,
      caseCurrentStatus: null,
      caseNewStatus: status,
      partnerAttributes: null,
      attachments: [],
      partnerInfo: partnerInfo(request),
    }),
  );
  const command = {
    ...({ kind: 'case.resolve', case: id, caller, events, purge } as const),
    ...{ agent: agent?.state.id ?? null, waitMs: undoSeconds * MS },
    ...(seen !== undefined && { seen }),
  };
  const { version, due } = settled(await hub.ask(home, traced(command, request.trace))).body as {
    version: string;
    due: number | null;
  };
  const [first] = events;
  return {
    status: 201,
    json: { id: toUuid((first as NewEvent).id), due: dateOrNull(due) },
    headers: { ETag: tagOf(version) },
  };
}

async function undo({ hub }: ApiDeps, request: Request): Promise<Reply> {
  mustReceive(request);
  const id = idOf(request, 'caseId');
  const command = { kind: 'case.undo', case: id, caller: request.caller, event: idOf(request, 'decisionId') } as const;
  settled(await hub.ask(homeOfCase(id), command));
  return { status: 204 };
}

const PATH = '/relais/v1/cases/{caseId}/decisions';
const SCOPES = ['SI', 'PARTNER', 'AGENT'] as const;

/** Decisions on a case: on a version of it, and undone before they leave. */
export const routes = (deps: ApiDeps): Route[] =>
  withPartner([
    {
      method: 'POST',
      path: PATH,
      scopes: SCOPES,
      body: 'json',
      headers: ['if-match'],
      summary: 'Décide sur un dossier, tout de suite ou après un délai pendant lequel la décision s’annule',
      schemas: { body: NewDecision, answers: { 201: Decided, ...problems(404, 409, 412) } },
      handler: (request) => decide(deps, request),
    },
    {
      method: 'DELETE',
      path: `${PATH}/{decisionId}`,
      scopes: SCOPES,
      summary: 'Annule une décision qui n’est pas encore partie',
      schemas: { answers: { 204: null, ...problems(404, 409, 410) } },
      handler: (request) => undo(deps, request),
    },
  ]);
