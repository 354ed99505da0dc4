/** Gestures of a case's page that leave nothing to the sender: undo, take, give, release. */
import type { Session } from '#lib/server/auth/session.ts';
import { HubProblem } from '#lib/server/hub/call.ts';
import { assign, readDesk, undo } from '#lib/server/hub/desk.ts';
import { deskText, undoText } from '#lib/text/desk.ts';
import { findCase } from './find.ts';

/** What the next page says. */
export interface Said {
  text: string;
  /** nothing was changed */
  refused: boolean;
}

const GONE = [404, 410];
const MOVED = 412;
const UNFIT = [400, 422];

export async function undoDecision(session: Session, id: string, decision: string): Promise<Said> {
  const { token } = await findCase(session, id);
  try {
    await undo(token, id, decision);
    return { text: undoText.undone, refused: false };
  } catch (error) {
    if (!(error instanceof HubProblem) || !GONE.includes(error.status)) throw error;
    return { text: undoText.gone, refused: true };
  }
}

/** @param agent '' : nobody; `from`: who has it, as the page said */
export async function assignCase(session: Session, id: string, agent: string, from: string): Promise<Said> {
  const { token } = await findCase(session, id);
  try {
    await assign(token, id, agent || null, from || null);
  } catch (error) {
    if (!(error instanceof HubProblem) || ![MOVED, ...UNFIT].includes(error.status)) throw error;
    if (UNFIT.includes(error.status)) return { text: deskText.unfit, refused: true };
    const { assignment } = await readDesk(token, id);
    return { text: deskText.takenMeanwhile(assignment?.agent?.name ?? ''), refused: true };
  }
  if (!agent) return { text: deskText.released, refused: false };
  if (agent === session.agentId) return { text: deskText.taken, refused: false };
  const { assignment } = await readDesk(token, id);
  return { text: deskText.given(assignment?.agent?.name ?? ''), refused: false };
}
