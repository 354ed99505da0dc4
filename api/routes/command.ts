import { processOfCase } from '#api/answers/facts.ts';
import { seeCase } from '#api/answers/sight.ts';
import { refused } from '#api/server/errors.ts';
import type { Request } from '#api/server/types.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import type { Answer } from '#engine/domain/decision.ts';
import { DomainError, ERRORS, type ErrorCode } from '#engine/domain/errors.ts';
import { type Id, isKind, KIND, parts } from '#engine/domain/ids.ts';
import { PARTITIONS } from '#engine/domain/placement.ts';
import { traced } from '#engine/domain/trace.ts';

/** Home of a case; 404 for an id this hub cannot have given. */
export function homeOfCase(id: Id): number {
  const { home, folderHome } = parts(id);
  if (!isKind(id, KIND.case, PARTITIONS) || folderHome >= PARTITIONS) throw new DomainError('caseUnknown');
  return home;
}

/** Démarche of a case: an SI has only one, the others' is remembered with the folder. */
export async function processFor(hub: Hub, caller: Caller, id: Id): Promise<string> {
  const process = caller.process ?? (await processOfCase(hub, id));
  if (process === undefined) throw new DomainError('caseUnknown');
  return process;
}

const saysNoCase = ({ status, body }: Answer): boolean =>
  status === 404 && (body as { message?: string } | undefined)?.message === ERRORS.caseUnknown[1];

/** What a command finds in a case that has nothing of its own yet; undefined: it can succeed there. */
function bareFault(command: CaseCommand): ErrorCode | undefined {
  if (command.kind === 'case.event.delete') return 'eventUnknownForDelete';
  return command.kind === 'case.event.patch' ? 'eventUnknown' : undefined;
}

type Asker = Pick<Request, 'caller' | 'trace'>;

type CaseCommand = CommandOf<'case.patch' | 'case.event' | 'case.event.patch' | 'case.event.delete'>;

/**
 * The committed answer of a case. A case whose folder is not completed has no record yet: its folder makes one
 * first, then the command is asked again; but for a command that leaves nothing there, none is made.
 */
export async function askCase(hub: Hub, { caller, trace }: Asker, id: Id, asked: CaseCommand): Promise<Answer> {
  const command = traced(asked, trace);
  const home = homeOfCase(id);
  let answer = await hub.ask(home, command);
  if (saysNoCase(answer) && caller.scope !== 'SI') {
    const fault = bareFault(command);
    const idle = command.kind === 'case.patch' && command.status === null;
    if (fault || idle) await seeCase(hub, caller, id);
    if (fault) throw new DomainError(fault);
    if (idle) return { status: 204 };
    const opened = await hub.ask(parts(id).folderHome, traced({ kind: 'folder.open', case: id, caller }, trace));
    if (opened.status < 400) answer = await hub.ask(home, command);
    else if (opened.status !== 404) throw refused(opened);
  }
  if (answer.status >= 400) throw refused(answer);
  return answer;
}
