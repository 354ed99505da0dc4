import { Wire } from './wire.ts';

export interface Secret {
  id: string;
  secret: string;
}

/** Asks for a token on an open connection. */
export async function askToken(wire: Wire, { id, secret }: Secret, scope: string): Promise<string> {
  const basic = Buffer.from(`${id}:${secret}`).toString('base64');
  const headers = `Authorization: Basic ${basic}\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
  const answer = await wire.send('POST', '/oauth2/token', headers, `grant_type=client_credentials&scope=${scope}`);
  if (answer.status !== 200) throw new Error(`token: ${answer.status} ${answer.body}`);
  return (JSON.parse(answer.body.toString()) as { access_token: string }).access_token;
}

export async function tokenOf(url: string, client: Secret, scope: string): Promise<string> {
  const wire = await Wire.open(url);
  try {
    return await askToken(wire, client, scope);
  } finally {
    wire.close();
  }
}
