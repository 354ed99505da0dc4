/** Certificates: those served, those trusted, and those a partner meets at the public address. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import type { TlsConfig } from '#engine/config.ts';
import { attention, type Finding, fault, ok } from './finding.ts';

const TOPIC = 'certificates';
const DAY_MS = 86_400_000;
/** An authority may take days, partners that pin a certificate weeks. */
const ATTENTION_DAYS = 30;
const FAULT_DAYS = 7;
const PATIENCE_MS = 5_000;
const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export function examineTls({ cert, key, ca }: TlsConfig, now: number): Finding[] {
  const findings: Finding[] = [];
  try {
    const chain = certificatesOf(cert);
    findings.push(...chain.map((one) => validity(one, cert, now)), ...links(chain, cert));
    const [first] = chain;
    if (first !== undefined && !first.checkPrivateKey(createPrivateKey(readFileSync(key))))
      findings.push(fault(TOPIC, `${key} is not the key of ${cert}`, 'give the two that were made together'));
    if (ca !== '') findings.push(...certificatesOf(ca).map((one) => validity(one, ca, now)));
  } catch (error) {
    findings.push(fault(TOPIC, (error as Error).message, 'name PEM files that the hub’s user can read'));
  }
  return findings;
}

/** @throws Error when there is none */
function certificatesOf(file: string): X509Certificate[] {
  const found = [...readFileSync(file, 'utf8').matchAll(PEM)].map(([pem]) => new X509Certificate(pem));
  if (found.length === 0) throw new Error(`${file} holds no certificate`);
  return found;
}

function validity(one: X509Certificate, where: string, now: number): Finding {
  const name = /CN=(.*)/.exec(one.subject)?.[1] ?? one.subject;
  const days = Math.floor((Date.parse(one.validTo) - now) / DAY_MS);
  if (Date.parse(one.validFrom) > now)
    return fault(TOPIC, `${name} (${where}) is valid from ${one.validFrom} only`, 'correct the clock, or wait');
  const what = `${name} (${where}) ends ${days < 0 ? `${-days} days ago` : `in ${days} days`}`;
  if (days >= ATTENTION_DAYS) return ok(TOPIC, what);
  const todo = 'renew it, then restart the processes one after the other';
  return days >= FAULT_DAYS ? attention(TOPIC, what, todo) : fault(TOPIC, what, todo);
}

/** Each is signed by the next; the last needs no more, but one alone that is not its own issuer may lack its chain. */
function links(chain: readonly X509Certificate[], where: string): Finding[] {
  for (const [index, one] of chain.entries()) {
    const next = chain[index + 1];
    if (next !== undefined && !one.checkIssued(next))
      return [
        fault(TOPIC, `${where}: certificate ${index + 1} is not issued by the next`, 'put the chain in its order'),
      ];
  }
  const [first] = chain;
  if (chain.length === 1 && first !== undefined && !first.checkIssued(first))
    return [
      attention(
        TOPIC,
        `${where} holds no intermediate certificate`,
        'append the authority’s chain, unless its root signed it',
      ),
    ];
  return [ok(TOPIC, `${where}: a chain of ${chain.length}`)];
}

/** What a partner meets at an https:// address: whoever stands in front included. */
export function examinePublic(url: string, now: number): Promise<Finding> {
  const { hostname, port } = new URL(url);
  const cannot = (why: string): Finding =>
    fault(TOPIC, `${url}: ${why}`, 'partners meet the same: look at the proxy in front and its certificate');
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 443),
      servername: hostname,
      rejectUnauthorized: false,
      timeout: PATIENCE_MS,
    });
    socket.once('secureConnect', () => {
      const peer = socket.getPeerX509Certificate();
      const trusted = socket.authorized;
      const why = String(socket.authorizationError ?? '');
      socket.destroy();
      if (peer === undefined) resolve(cannot('it shows no certificate'));
      else if (!trusted) resolve(cannot(`its certificate is not trusted here (${why})`));
      else resolve(validity(peer, url, now));
    });
    socket.once('timeout', () => {
      socket.destroy();
      resolve(cannot(`no answer in ${PATIENCE_MS / 1_000} s`));
    });
    socket.once('error', (error) => resolve(cannot(error.message)));
  });
}
