import { error } from '@sveltejs/kit';
import type { WebAuthn } from '#lib/server/hub/passkeys.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a page's script sends: JSON, so that no form of another site could. The API looks at what is in it. */
export async function saidBy(request: Request): Promise<{ response: WebAuthn; more: Record<string, string> }> {
  if (!/^application\/json\b/.test(request.headers.get('content-type') ?? '')) error(415, 'JSON is expected');
  const body: unknown = await request.json().catch(() => undefined);
  if (!isObject(body) || !isObject(body['response'])) error(400, 'no answer of an authenticator');
  const { response, ...rest } = body;
  const texts = Object.entries(rest).filter((one): one is [string, string] => typeof one[1] === 'string');
  return { response, more: Object.fromEntries(texts) };
}
