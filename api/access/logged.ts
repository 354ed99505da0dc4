import { pathId } from '#api/schemas/parameters.ts';
import { HttpError } from '#api/server/errors.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route, SignedIn } from '#api/server/types.ts';
import { toUuid } from '#engine/domain/ids.ts';
import type { Entry, Reading } from './entry.ts';
import type { AccessLog } from './log.ts';

/** Of the session's hash: enough to tell an agent's sessions apart, of no use to enter one. */
const SESSION_LENGTH = 12;
const REDIRECTED = 300;

type Named = Pick<Entry, 'cases' | 'part'>;

const caseOf = (request: Request): string => toUuid(pathId(request, 'caseId'));

const NAMED: Readonly<Record<Exclude<Reading, 'export'>, (request: Request, reply: Reply) => Named>> = {
  case: (request) => ({ cases: [caseOf(request)] }),
  event: (request) => ({ cases: [caseOf(request)], part: toUuid(pathId(request, 'eventId')) }),
  file: (request) => ({ cases: [caseOf(request)], part: toUuid(pathId(request, 'attachmentId')) }),
  list: (_, { json }) => {
    // of cases, or of what became of them one by one
    const { items, lines = [] } = json as { items?: { caseId: string }[]; lines?: { caseId: string }[] };
    return { cases: (items ?? lines).map(({ caseId }) => caseId) };
  },
};

/** What a reading names: at once, or of an export, which may hold any number of cases, a thousand at a time. */
async function* namedBy(kind: Reading, request: Request, reply: Reply): AsyncGenerator<Named> {
  if (kind !== 'export') yield NAMED[kind](request, reply);
  else for await (const cases of reply.cases ?? []) yield { cases, part: toUuid(pathId(request, 'exportId')) };
}

/** What is logged of a reading; nothing when nothing was read. */
async function* entriesFor(
  route: Route,
  kind: Reading,
  request: Request,
  reply: Reply,
  agent: SignedIn,
): AsyncGenerator<Entry> {
  if (reply.status >= REDIRECTED) return;
  for await (const { cases, ...part } of namedBy(kind, request, reply)) {
    if (cases.length === 0) continue;
    yield {
      at: new Date().toISOString(),
      kind,
      route: `${route.method} ${route.path}`,
      agent: toUuid(agent.state.id),
      org: request.caller.org,
      session: agent.session.slice(0, SESSION_LENGTH),
      cases,
      ...part,
      request: request.id,
    };
  }
}

const UNLOGGED =
  'The reading could not be written to the access log, and is refused: repeat the request after the delay given in Retry-After';

/** Routes that agents read by, each answer logged before a byte of it is given. Other callers' go as they went. */
export const logged = (routes: readonly Route[], log: Pick<AccessLog, 'write'>): Route[] =>
  routes.map((route) => {
    const { reads, handler } = route;
    if (reads === undefined) return route;
    const read = async (request: Request, agent: SignedIn): Promise<Reply> => {
      const reply = await handler(request);
      try {
        for await (const entry of entriesFor(route, reads, request, reply, agent)) await log.write(entry);
      } catch {
        throw route.path.startsWith('/relais/') ? new Problem('access-unlogged') : new HttpError(503, UNLOGGED);
      }
      return reply;
    };
    return {
      ...route,
      handler: (request) => (request.agent === undefined ? handler(request) : read(request, request.agent)),
    };
  });
