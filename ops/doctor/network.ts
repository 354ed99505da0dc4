/** Who answers where: the hub's own ports, the agents' provider, the mail server. */
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Config } from '#engine/config.ts';
import { page } from '#ops/console/scrape.ts';
import type { HubProcess } from '#ops/processes.ts';
import { attention, type Finding, fault, ok } from './finding.ts';

const PATIENCE_MS = 5_000;
const OK = 200;
const SMTP_PORT = 25;
const SMTPS_PORT = 465;
const SMTP_READY = /^220[ -]/;

/** @param processes that run on the data folder */
export async function examinePorts({ host, port }: Config, processes: readonly HubProcess[]): Promise<Finding[]> {
  const findings = await Promise.all(processes.filter(({ url }) => url !== '').map(health));
  if (findings.length > 0 || port === 0) return findings;
  const at = `${host}:${port}`;
  if (await isFree(host, port)) return [ok('ports', `${at} is free: no process of this hub runs here`)];
  return [fault('ports', `${at} is another program’s`, 'end it, or choose another HUB_PORT')];
}

async function health({ url, role, pid }: HubProcess): Promise<Finding> {
  const who = `process ${pid} (${role}) at ${url}`;
  try {
    const { status, text } = await page(`${url}/health/ready`, PATIENCE_MS);
    if (status === OK) return ok('ports', `${who} is ready`);
    const reasons = (JSON.parse(text) as { reasons?: string[] }).reasons ?? [];
    return fault('ports', `${who} is not ready: ${reasons.join('; ')}`, 'its reasons say what lacks; ./hub top');
  } catch (error) {
    return fault('ports', `${who}: ${(error as Error).message}`, 'look at its log');
  }
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host === '0.0.0.0' ? '127.0.0.1' : host, port, timeout: PATIENCE_MS });
    const end = (free: boolean): void => {
      socket.destroy();
      resolve(free);
    };
    socket.once('connect', () => end(false));
    socket.once('error', () => end(true));
    socket.once('timeout', () => end(true));
  });
}

/** OpenID Connect Discovery 1.0 §4: the issuer says of itself what it was asked as. */
export async function examineProvider({ oidc }: Config): Promise<Finding[]> {
  if (oidc === undefined) return [];
  const todo = 'agents cannot sign in: check HUB_OIDC_ISSUER, the network, the provider’s own status';
  const url = `${oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const { status, text } = await page(url, PATIENCE_MS);
    if (status !== OK) return [fault('sign-in', `${url} answers ${status}`, todo)];
    const { issuer, jwks_uri } = JSON.parse(text) as { issuer?: string; jwks_uri?: string };
    if (issuer !== oidc.issuer)
      return [fault('sign-in', `${url} is of « ${issuer} »`, `set HUB_OIDC_ISSUER to that name`)];
    const keys = await page(String(jwks_uri), PATIENCE_MS);
    if (keys.status !== OK) return [fault('sign-in', `${jwks_uri} answers ${keys.status}`, todo)];
    return [ok('sign-in', `the agents’ provider ${issuer} answers, and shows its keys`)];
  } catch (error) {
    return [fault('sign-in', `${url}: ${(error as Error).message}`, todo)];
  }
}

/** Its greeting only: nothing is sent. */
export function examineMail({ smtpUrl }: Config): Promise<Finding[]> {
  if (smtpUrl === '') return Promise.resolve([]);
  const { protocol, hostname, port } = new URL(smtpUrl);
  const secure = protocol === 'smtps:';
  const at = `${hostname}:${port || (secure ? SMTPS_PORT : SMTP_PORT)}`;
  const options = { host: hostname, port: Number(port || (secure ? SMTPS_PORT : SMTP_PORT)), timeout: PATIENCE_MS };
  return new Promise((resolve) => {
    const socket = secure ? connectTls({ ...options, servername: hostname }) : connect(options);
    const end = (finding: Finding): void => {
      socket.destroy();
      resolve([finding]);
    };
    const todo = 'e-mails wait and are tried again for a day: check HUB_SMTP_URL and that server';
    socket.once('data', (greeting) =>
      end(
        SMTP_READY.test(String(greeting))
          ? ok('mail', `${at} greets`)
          : fault('mail', `${at} says « ${String(greeting).trim().slice(0, 80)} »`, todo),
      ),
    );
    socket.once('error', (error) => end(fault('mail', `${at}: ${error.message}`, todo)));
    socket.once('timeout', () => end(attention('mail', `${at} says nothing in ${PATIENCE_MS / 1_000} s`, todo)));
  });
}
