import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WrongOption } from '#ops/life.ts';
import { WrongBackup } from './manifest.ts';

/**
 * The master key beside a backup, closed with a passphrase: `version.salt.iv.tag.text`, base64url. Never in clear: whoever
 * takes the folder away must not be able to open what Redis keeps sealed.
 */
export const SEALED_KEY = 'master.key.sealed';
const VERSION = 'v1';
const ALGORITHM = 'aes-256-gcm';
const [SALT_BYTES, IV_BYTES, KEY_BYTES] = [16, 12, 32];
/** 128 MiB and half a second a guess: what OWASP asks of scrypt for passwords, and a backup is guessed at leisure. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
/** Six words, or what a password manager makes. Characters. */
const LEAST = 20;
const PRIVATE = 0o600;
const PARTS = 5;

/** The passphrase in a file's first line. @throws WrongOption */
export function passphraseIn(file: string): string {
  const text = existsSync(file) ? (readFileSync(file, 'utf8').split('\n')[0] as string).trim() : undefined;
  if (text === undefined) throw new WrongOption(`--passphrase=${file}: there is no such file`);
  if (text.length < LEAST) throw new WrongOption(`--passphrase=${file}: its first line must have ${LEAST} characters`);
  return text;
}

export function sealKey(folder: string, masterKey: Buffer, passphrase: string): void {
  const [salt, iv] = [randomBytes(SALT_BYTES), randomBytes(IV_BYTES)];
  const cipher = createCipheriv(ALGORITHM, scryptSync(passphrase, salt, KEY_BYTES, SCRYPT), iv);
  const text = Buffer.concat([cipher.update(masterKey), cipher.final()]);
  const parts = [salt, iv, cipher.getAuthTag(), text].map((part) => part.toString('base64url'));
  writeFileSync(join(folder, SEALED_KEY), `${[VERSION, ...parts].join('.')}\n`, { mode: PRIVATE, flag: 'wx' });
}

/** @throws WrongBackup */
export function openKey(folder: string, passphrase: string): Buffer {
  const path = join(folder, SEALED_KEY);
  if (!existsSync(path))
    throw new WrongBackup(
      `${folder} holds no master key: it was made without --passphrase. Give the key by HUB_MASTER_KEY`,
    );
  const [version, ...parts] = readFileSync(path, 'utf8').trim().split('.');
  if (version !== VERSION || parts.length !== PARTS - 1) throw new WrongBackup(`${path} is none of this version's`);
  const [salt, iv, tag, text] = parts.map((part) => Buffer.from(part, 'base64url')) as [Buffer, Buffer, Buffer, Buffer];
  try {
    const decipher = createDecipheriv(ALGORITHM, scryptSync(passphrase, salt, KEY_BYTES, SCRYPT), iv);
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]);
  } catch {
    throw new WrongBackup(`${path} does not open with this passphrase`);
  }
}
