import { setTimeout as pause } from 'node:timers/promises';
import { Wire } from './wire.ts';

/** A hub that has just been given thousands of organisations may be busy: what it asks for is done, for a minute. */
const TRIES = 60;
const BUSY = 503;
const WAIT_MS = 1_000;

export interface Secret {
  id: string;
  secret: string;
}

/** Asks for a token on an open connection. */
export async function askToken(wire: Wire, { id, secret }: Secret, scope: string): Promise<string> {
  const basic = Buffer.from(`${id}:${secret}`).toString('base64');
  const headers = `Authorization: Basic ${basic}\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
  const ask = () => wire.send('POST', '/oauth2/token', headers, `grant_type=client_credentials&scope=${scope}`);
  let answer = await ask();
  for (let tried = 1; answer.status === BUSY && tried < TRIES; tried += 1) {
    await pause(WAIT_MS);
    answer = await ask();
  }
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
