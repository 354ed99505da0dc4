import { PROBLEM_PATH, PROBLEMS, Problem, type ProblemCode } from '#api/server/problems.ts';
import type { Reply, Request } from '#api/server/types.ts';

const DAY_S = 24 * 3600;
const CACHED = { 'Cache-Control': `public, max-age=${DAY_S}`, Vary: 'Accept' } as const;

/** GET /relais/v1/problems/{code}: what a problem's `type` leads to, for people who follow it and for programs. */
export function problemPage(request: Request): Reply {
  const code = request.param('code');
  if (!Object.hasOwn(PROBLEMS, code)) throw new Problem('not-found', 'Aucun problème ne porte ce nom.');
  const [status, title, action] = PROBLEMS[code as ProblemCode];
  if (!request.header('accept').includes('text/html'))
    return { status: 200, json: { code, status, title, action }, headers: CACHED };
  const text = `<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>${title}</title></head>
<body><main><h1>${title}</h1><p>${action}</p><p><code>${PROBLEM_PATH}${code}</code>, statut HTTP ${status}.</p></main></body></html>
`;
  return { status: 200, text, type: 'text/html; charset=utf-8', headers: CACHED };
}
