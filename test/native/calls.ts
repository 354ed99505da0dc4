import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type FolderPlan, folder, pdf } from '#test/contract/country.ts';
import type { Called, Json, Partner } from '#test/contract/wire.ts';

/** Calls of the native API, as partners' software makes them. */

export const V1 = '/relais/v1';

/** A deposit whose files are inline, all for all cases. */
export function deposit(plan: FolderPlan = {}): Json {
  const { attachments, ...described } = structuredClone(
    folder({ externalId: `N-${randomUUID().slice(0, 20)}`, ...plan }),
  );
  return {
    ...described,
    attachments: attachments.map(({ fileName, type, mimeType, size, recipients }) => ({
      fileName,
      type,
      mimeType,
      recipients,
      content: pdf(size).toString('base64'),
    })),
  };
}

export const send = (partner: Partner, body: Json, key: string | undefined = randomUUID()): Promise<Called> =>
  partner.post(`${V1}/folders`, body, key === undefined ? {} : { 'Idempotency-Key': key });

/** Sends lines as one body, and gives the answers by their key (or line number). */
export async function batch(partner: Partner, lines: readonly (Json | string)[]): Promise<Map<string | number, Json>> {
  const body = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  const answer = await partner.call('POST', `${V1}/folders:batch`, {
    body,
    headers: { 'Content-Type': 'application/x-ndjson' },
  });
  if (answer.status !== 200) throw new Error(`batch: ${answer.status} ${answer.text}`);
  return answersOf(answer.text);
}

export const answersOf = (text: string): Map<string | number, Json> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
      .map((line) => [line.idempotencyKey ?? line.line, line]),
  );

export const line = (plan: FolderPlan = {}, idempotencyKey: string = randomUUID()): Json => ({
  idempotencyKey,
  ...deposit(plan),
});

/** What a refusal of the native API is; gives its body. */
export function isProblem(answer: Called, status: number, code: string): Json {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  const { json } = answer;
  assert.equal(json.type, `/relais/v1/problems/${code}`);
  assert.equal(json.status, status);
  assert.equal(json.correlationId, answer.headers['x-request-id']);
  assert.match(json.action, /[a-zà-ÿ]\.$/);
  return json;
}

/** A deposit with something wrong. */
export const changed = (change: (body: Json) => void, plan = {}): Json => {
  const body = deposit(plan);
  change(body);
  return body;
};
