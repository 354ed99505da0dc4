/** What is new for a page: looked for with the agent's own rights, and without prolonging the session. */
import { hubQuery, readList } from '#lib/list.ts';
import { LOOK_MS, type News, stampOf } from '#lib/live.ts';
import type { Session } from '#lib/server/auth/session.ts';
import { presentNames } from '#lib/server/cases/desk.ts';
import { findCase } from '#lib/server/cases/find.ts';
import { countList } from '#lib/server/hub/cases.ts';
import { openDesk } from '#lib/server/hub/desk.ts';
import { keyOf } from '#lib/server/hub/types.ts';

/** A stream is begun anew after that: whoever forgot a page open forgets it. ms */
const LONGEST_MS = 600_000;
const MOMENT = /^\d{4}-\d{2}-\d{2}T[\d:.]{5,12}(?:Z|\+\d{2}:\d{2})$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** A token lives 120 s; each use of it is checked against its session. ms */
const TOKEN_MS = 60_000;

/** The same token for several looks. */
function keeping(ask: () => Promise<string>): () => Promise<string> {
  let kept: { token: string; until: number } | undefined;
  return async () => {
    if (kept === undefined || Date.now() >= kept.until) kept = { token: await ask(), until: Date.now() + TOKEN_MS };
    return kept.token;
  };
}

export type Look = () => Promise<News>;

/** Looks for what the address asks: a case, or the list of that address since a moment. undefined: for nothing known. */
export async function lookFor(session: Session, params: URLSearchParams): Promise<Look | undefined> {
  const id = params.get('dossier') ?? '';
  if (UUID.test(id)) {
    const { one } = await findCase(session, id);
    const organisation = keyOf(one.recipient);
    const token = keeping(() => session.lookToken(organisation));
    return async () => {
      const desk = await openDesk(await token(), id);
      return { present: presentNames(desk), stamp: stampOf(desk.version, desk.pending) };
    };
  }
  const since = params.get('vu') ?? '';
  if (!MOMENT.test(since)) return undefined;
  const query = hubQuery(readList(params));
  query.set('from', since);
  const token = keeping(() => session.lookToken());
  return async () => ({ fresh: (await countList(await token(), query)).count });
}

/** Server-sent events: one at once, then whenever something is different. Ends with the session. */
export function streamOf(look: Look): ReadableStream<Uint8Array> {
  const text = new TextEncoder();
  const ends = Date.now() + LONGEST_MS;
  let timer: NodeJS.Timeout | undefined;
  let told = '';
  return new ReadableStream({
    start(controller) {
      const turn = async (): Promise<void> => {
        try {
          const news = JSON.stringify(await look());
          controller.enqueue(text.encode(news === told ? ': \n\n' : `data: ${news}\n\n`));
          told = news;
          if (Date.now() < ends) timer = setTimeout(turn, LOOK_MS);
          else controller.close();
        } catch {
          // The session is over, or the hub away, or the browser gone: the page asks again, or signs in.
          timer = undefined;
          try {
            controller.close();
          } catch {
            // closed by the browser already
          }
        }
      };
      void turn();
    },
    cancel() {
      clearTimeout(timer);
    },
  });
}
