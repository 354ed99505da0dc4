import { HubProblem } from '#lib/server/hub/call.ts';
import type { Session } from './session.ts';

/** The session of a page that needs one. @throws what kept it from being read */
export function sessionOf({ session, trouble }: App.Locals): Session {
  if (session) return session;
  throw trouble ?? new HubProblem(401, 'session-over', 'no session');
}
