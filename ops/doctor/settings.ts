/** The configuration, by the rules it is refused with at a start, without making anything. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig, VARIABLES } from '#engine/config.ts';
import { portalConfig } from '#engine/portal-config.ts';
import { attention, type Finding, fault, ok } from './finding.ts';

const TOPIC = 'configuration';
/** Looks like a key, is nobody's. */
const NO_KEY = '00'.repeat(32);
const README = 'correct it: README.md, Configuration';

export interface Settings {
  findings: Finding[];
  /** undefined: it cannot be one */
  config: Config | undefined;
}

/** @param redisUrl of the environment, or of the data folder's own server; '' when neither is known */
export function examineSettings(env: NodeJS.ProcessEnv, data: string, redisUrl: string): Settings {
  const findings = [...unknown(env), ...data_(data), ...key(env, data)];
  const hasKey = (env['HUB_MASTER_KEY'] ?? '') !== '' || existsSync(join(data, 'master.key'));
  const scratch = existsSync(data) ? undefined : mkdtempSync(join(tmpdir(), 'relais-doctor-'));
  try {
    const known = {
      ...env,
      HUB_REDIS_URL: redisUrl || 'redis://127.0.0.1',
      ...(!hasKey && { HUB_MASTER_KEY: NO_KEY }),
    };
    const config = { ...loadConfig(known, { role: 'all', data: scratch ?? data }), data };
    findings.push(ok(TOPIC, `${Object.keys(VARIABLES).filter((name) => env[name]).length} variables set, all fit`));
    findings.push(...weak(config), ...portal(env));
    return { findings, config };
  } catch (error) {
    findings.push(fault(TOPIC, (error as Error).message, README));
    return { findings, config: undefined };
  } finally {
    if (scratch !== undefined) rmSync(scratch, { recursive: true });
  }
}

function unknown(env: NodeJS.ProcessEnv): Finding[] {
  const names = Object.keys(env).filter((name) => name.startsWith('HUB_') && !(name in VARIABLES));
  return names.map((name) => attention(TOPIC, `${name} is no variable of Relais`, 'correct its name, or remove it'));
}

function data_(data: string): Finding[] {
  if (existsSync(data)) return [];
  return [attention(TOPIC, `there is no data folder ${data}`, 'the first start makes it; or name it with --data=DIR')];
}

function key(env: NodeJS.ProcessEnv, data: string): Finding[] {
  if (env['HUB_MASTER_KEY'] || !existsSync(join(data, 'master.key'))) return [];
  const todo = 'keep a copy elsewhere than the backups: without it, tokens and kept secrets are lost';
  return [ok(TOPIC, `the master key is ${join(data, 'master.key')}; ${todo}`)];
}

/** Fits, and is for tests, or promises less than it may seem. */
function weak(config: Config): Finding[] {
  const findings: Finding[] = [];
  if (config.webhookPrivate)
    findings.push(
      attention(TOPIC, 'HUB_WEBHOOK_PRIVATE lets partners make the hub call private addresses', 'unset it'),
    );
  if (config.durability.level === 'everysec')
    findings.push(
      attention(TOPIC, 'HUB_DURABILITY=everysec: a second of answers may be lost', 'see docs/durability.md'),
    );
  if (config.smtpUrl === '')
    findings.push(
      attention(TOPIC, 'e-mails are counted, not sent', 'set HUB_SMTP_URL where agents are told by e-mail'),
    );
  if (config.securityContact === '')
    findings.push(attention(TOPIC, 'there is no security.txt', 'set HUB_SECURITY_CONTACT'));
  return findings;
}

function portal(env: NodeJS.ProcessEnv): Finding[] {
  const found = portalConfig(env, (message) => new Error(message));
  // its client id is what turns it on
  if ('missing' in found)
    return env['HUB_PORTAL_CLIENT_ID']
      ? [fault(TOPIC, `the portal lacks ${found.missing.join(', ')}`, README)]
      : [ok(TOPIC, 'no portal is set up')];
  const { legal } = found.config;
  const empty = Object.entries(legal).flatMap(([name, text]) =>
    text === '' ? [`HUB_PORTAL_${name.toUpperCase()}`] : [],
  );
  if (empty.length === 0) return [];
  return [attention(TOPIC, `pages the law asks for lack ${empty.join(', ')}`, 'set them')];
}
