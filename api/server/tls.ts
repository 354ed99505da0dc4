import type { AppOptions, HttpResponse } from 'uWebSockets.js';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError, type TlsConfig } from '#engine/config.ts';

/**
 * Suites of TLS 1.2 with forward secrecy and authenticated encryption (ANSSI, RFC 9325); those of 1.3 are all so.
 * uWebSockets itself refuses anything older than 1.2.
 */
const CIPHERS = 'ECDHE+AESGCM:ECDHE+CHACHA20';

function read(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ConfigError(`${variable}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** What a file holds. @throws ConfigError that says what it should be, never what is in it */
function parse<T>(variable: string, path: string, what: string, check: (pem: Buffer) => T): T {
  const pem = read(variable, path);
  try {
    return check(pem);
  } catch {
    throw new ConfigError(`${variable}: ${path} holds no ${what} in PEM`);
  }
}

const certificate = (pem: Buffer): X509Certificate => new X509Certificate(pem);

/**
 * What uWebSockets needs to serve TLS. It would only say that its construction failed: the files are looked at first.
 * @throws ConfigError
 */
export function tlsOptions({ cert, key, ca }: TlsConfig): AppOptions {
  const own = parse('HUB_TLS_CERT', cert, 'certificate', certificate);
  const secret = parse('HUB_TLS_KEY', key, 'private key without passphrase', createPrivateKey);
  if (!own.checkPrivateKey(secret)) throw new ConfigError('HUB_TLS_KEY is not the key of HUB_TLS_CERT');
  const options = { cert_file_name: cert, key_file_name: key, ssl_ciphers: CIPHERS };
  if (ca === '') return options;
  parse('HUB_TLS_CA', ca, 'certificate', certificate);
  return { ...options, ca_file_name: ca };
}

/** Missing from the typings of 20.51: the certificate of the peer in PEM, '' when it has shown none. */
type Peer = HttpResponse & { getX509Certificate(): string };

/**
 * Whether the peer has proved a certificate of HUB_TLS_CA. A wrong one ends the handshake; none at all does not, since
 * uWebSockets asks for certificates without requiring them: requests without are refused here, before they are read.
 */
export const hasCertificate = (res: HttpResponse): boolean => (res as Peer).getX509Certificate() !== '';
