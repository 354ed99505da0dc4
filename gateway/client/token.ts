export interface Token {
  value: string;
  /** it lives so long, s */
  seconds: number;
}

/** Where tokens come from; asked again whenever one is about to end, or was refused. */
export type TokenSource = () => Promise<Token>;

/** Tokens of the hub for a client's credentials (OAuth 2, client credentials). @param url base URL of the hub */
export function clientCredentials(url: string, id: string, secret: string, scope: 'OSL' | 'SI'): TokenSource {
  return async () => {
    const answer = await fetch(new URL('/oauth2/token', url), {
      method: 'POST',
      headers: {
        Authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    if (!answer.ok) throw new Error(`token refused: ${answer.status} ${await answer.text()}`);
    const { access_token, expires_in } = (await answer.json()) as { access_token: string; expires_in: number };
    return { value: access_token, seconds: expires_in };
  };
}

const DEADLINE_MS = 10_000;
