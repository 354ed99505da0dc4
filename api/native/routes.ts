import { partnerInfo, withPartner } from '#api/routes/partner.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { Problem } from '#api/server/problems.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import { Batch } from './batch.ts';
import { readDeposit } from './body.ts';
import { counted } from './counted.ts';
import { Deposits, depositedAnswer } from './deposits.ts';
import { keyOf } from './keys.ts';
import { problemPage } from './page.ts';
import type { Depositor } from './plan.ts';
import { Deposited, LineAnswer, NewDeposit, NewDepositLine, ProblemPage, problems, SentFile } from './schema.ts';
import { sendFile } from './sending.ts';

/** Batches under way in a process: each holds up to 7 MB. */
const BATCHES_AT_ONCE = 32;
const NDJSON = 'application/x-ndjson';
const NDJSON_TYPES = /^application\/(?:x-ndjson|ndjson|jsonl|x-jsonlines)\b/i;

const depositorOf = (request: Request): Depositor => ({
  caller: request.caller,
  client: request.client,
  partnerInfo: partnerInfo(request),
  trace: request.trace,
});

async function take({ counts }: ApiDeps, deposits: Deposits, request: Request): Promise<Reply> {
  const { json, replayed } = await counted(counts, 'call', async () => {
    const key = keyOf(request.header('idempotency-key'));
    const asked = await readDeposit(request);
    const outcome = await deposits.deposit(asked, depositorOf(request), key);
    return { json: depositedAnswer(outcome, asked.deposit), replayed: outcome.replayed };
  });
  const headers = {
    Location: `/teledossiers/v1/folders/${json.id}`,
    ...(replayed && { 'Idempotency-Replayed': 'true' }),
  };
  return { status: 201, json, headers };
}

/** Counts the batches under way, until each has answered its last line. */
function batches(deps: ApiDeps, deposits: Deposits): (request: Request) => Reply {
  let underWay = 0;
  return (request) => {
    const type = request.header('content-type');
    if (type !== '' && !NDJSON_TYPES.test(type)) throw new Problem('media-type-unsupported');
    if (underWay >= BATCHES_AT_ONCE) throw new Problem('busy', 'Trop de lots à la fois.');
    const batch = new Batch(deps, deposits, request, depositorOf(request));
    async function* lines(): AsyncGenerator<string> {
      underWay += 1;
      deps.counts.native.batches.inc();
      try {
        yield* batch.answers();
      } finally {
        underWay -= 1;
        deps.counts.native.batches.dec();
      }
    }
    return { status: 200, type: NDJSON, lines: lines() };
  };
}

const BY_DEPOSITOR = ['OSL', 'PARTNER', 'ADMIN'] as const;
const V1 = '/relais/v1';

export function routes(deps: ApiDeps): Route[] {
  const deposits = new Deposits(deps);
  const deposit = withPartner([
    {
      method: 'POST',
      path: `${V1}/folders`,
      scopes: BY_DEPOSITOR,
      body: 'whole',
      headers: ['content-type', 'idempotency-key'],
      summary: 'Dépose un télédossier en un appel, fichiers compris ou désignés, et le remet à ses destinataires',
      schemas: { body: NewDeposit, answers: { 201: Deposited, ...problems(409, 410, 415, 422, 428) } },
      handler: (request) => take(deps, deposits, request),
    },
    {
      method: 'POST',
      path: `${V1}/folders:batch`,
      scopes: BY_DEPOSITOR,
      body: 'stream',
      headers: ['content-type'],
      summary:
        'Dépose un lot, une ligne NDJSON par télédossier ; répond une ligne par télédossier, dès qu’il est remis',
      media: { body: NDJSON, answer: NDJSON },
      schemas: { body: NewDepositLine, answers: { 200: LineAnswer, ...problems(415) } },
      handler: batches(deps, deposits),
    },
    {
      method: 'PUT',
      path: `${V1}/files/{id}`,
      scopes: BY_DEPOSITOR,
      body: 'stream',
      headers: ['content-type', 'content-length', 'content-digest', 'if-none-match'],
      summary: 'Envoie un fichier qu’un dépôt désignera dans les 24 heures ; il ne change plus ensuite',
      schemas: { answers: { 200: SentFile, 201: SentFile, ...problems(404, 409, 412, 413, 422) } },
      handler: (request) => sendFile(deps, request),
    },
  ]);
  const page: Route = {
    method: 'GET',
    path: `${V1}/problems/{code}`,
    scopes: 'public',
    headers: ['accept'],
    summary: 'Dit ce que veut dire un type de problème, et que faire',
    schemas: { answers: { 200: ProblemPage, ...problems(404) } },
    handler: problemPage,
  };
  return [...deposit, page];
}
