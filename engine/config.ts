import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ACR_LEVELS, type Acr } from './domain/acr.ts';
import { DRAIN_VARIABLES } from './drain.ts';
import { masterKey } from './master-key.ts';
import { OTLP_VARIABLES, type OtlpConfig, otlpConfig } from './otlp-config.ts';
import { listOf, PORTAL_VARIABLES } from './portal-config.ts';
import { type Durability, LEVELS } from './redis/durability.ts';
import { tlsConfig } from './tls-config.ts';

/** What a process does: everything, or one part. */
export type Role = 'all' | 'api' | 'engine' | 'portal';

export interface Config {
  role: Role;
  /** folder of what this machine keeps */
  data: string;
  /** attachments; one shared folder when several machines serve one hub */
  blobs: string;
  redisUrl: string;
  /** what an answer promises of the servers */
  durability: Durability;
  host: string;
  /** 0: a free one */
  port: number;
  /** address partners call, without a slash at the end; '' = derived from host and port */
  publicUrl: string;
  /** 32 bytes or more; keys of tokens and of kept secrets derive from it, so all processes of a hub need the same */
  masterKey: Buffer;
  adminClientId: string;
  adminClientSecret: string;
  /** `smtp://…`; '' = e-mails are counted, not sent */
  smtpUrl: string;
  /** where agents work, for e-mails to them; '' = there is no portal */
  portalUrl: string;
  /** life of an access token, s */
  tokenSeconds: number;
  /** waiting entries of one partition beyond which requests are refused */
  backlogLimit: number;
  /** memory for activated records of this process, bytes */
  cellBytes: number;
  /** bytes of the journal an engine keeps, its open segment not counted */
  journalBytes: number;
  /** how long an entry of a feed is kept at least, ms */
  feedMs: number;
  /** days after which the subscriptions of a deactivated démarche are suspended; undefined: never */
  suspendDays: number | undefined;
  /** age of a folder still HUBEE_RECEIVED that supervision is told of, hours */
  unfinishedHours: number;
  /** time a request waits for its answer, ms */
  askMs: number;
  /** stable name of this process among the engines; its restarts keep it */
  member: string;
  /** engines of this process, each in a thread of its own; 0: one, in the main thread */
  engines: number;
  /** whether lists of cases are kept, in the data folder */
  index: boolean;
  logLevel: string;
  /** undefined: plain HTTP */
  tls: TlsConfig | undefined;
  /** addresses and ranges of proxies whose `X-Forwarded-For` is believed */
  trustedProxies: readonly string[];
  /** webhooks may call private addresses, and plain HTTP */
  webhookPrivate: boolean;
  /** `mailto:…` or `https://…`; '' = no security.txt */
  securityContact: string;
  /** who signs agents in; undefined: nobody */
  oidc: OidcConfig | undefined;
  /** collector of the steps of requests; undefined: none */
  otlp: OtlpConfig | undefined;
}

/** The agents' provider. */
export interface OidcConfig {
  issuer: string;
  /** the portal's client id there: whom its texts are for */
  clientId: string;
  /** lowest level of a sign-in */
  acr: Acr;
}

/** Names of files in PEM. */
export interface TlsConfig {
  cert: string;
  key: string;
  /** '' unless clients must show a certificate of this authority */
  ca: string;
  clients: 'any' | 'required';
}

/** One line of the configuration table: variable, default, unit, meaning. README's table is checked against it. */
export const VARIABLES = {
  HUB_REDIS_URL: [
    '',
    'URL',
    'Redis or Valkey ≥ 7.0; several separated by commas, or `cluster:` in front, for a cluster; unset: an own server',
  ],
  HUB_DURABILITY: [
    'fsync',
    '`fsync`, `replicated`, `everysec`',
    'what is answered is on the disk of its Redis, of its replicas too, or there within a second ([what each promises](docs/durability.md))',
  ],
  HUB_REPLICAS: ['1', 'replicas', 'that have what is answered, of each master; only with `HUB_DURABILITY=replicated`'],
  HUB_HOST: ['127.0.0.1', 'address', 'where the API listens'],
  HUB_PORT: ['8080', 'port', 'where the API listens; 0 for a free one'],
  HUB_PUBLIC_URL: ['', 'URL', 'the address partners call, when it differs'],
  HUB_BLOBS: ['', 'folder', 'attachments; shared by the machines of one hub; unset: `blobs` in the data folder'],
  HUB_MASTER_KEY: [
    '',
    '64 hexadecimal digits',
    'key of tokens and secrets, the same for all processes; unset: made once, in the data folder',
  ],
  HUB_ADMIN_CLIENT_ID: ['', 'text', 'first administrator’s client id; the same for all API processes'],
  HUB_ADMIN_CLIENT_SECRET: ['', 'text', 'its secret, 24 characters at least; the same for all API processes'],
  HUB_SMTP_URL: ['', 'URL', 'mail server; unset: e-mails are counted, not sent'],
  HUB_TOKEN_SECONDS: ['3600', 's', 'life of an access token'],
  HUB_BACKLOG_LIMIT: ['50000', 'entries', 'waiting requests of one partition beyond which new ones get 503'],
  HUB_CELL_MB: ['256', 'MB', 'activated records an engine keeps in memory'],
  HUB_JOURNAL_MB: ['4096', 'MB', 'commits an engine keeps outside Redis, to do again what a failover lost'],
  HUB_FEED_DAYS: [
    '30',
    'days',
    'how long an entry of an organisation’s feed is kept at least, the same in all processes',
  ],
  HUB_SUSPEND_DAYS: ['', 'days', 'after which the subscriptions of a deactivated démarche are suspended; unset: never'],
  HUB_UNFINISHED_HOURS: ['24', 'h', 'age from which a folder that nobody completed is shown to supervision'],
  HUB_ASK_SECONDS: ['15', 's', 'time a request waits for its answer before 503'],
  HUB_ENGINES: ['1', 'threads', 'engines of a process, a core each; 0: one engine, in the same thread as the API'],
  HUB_MEMBER: ['', 'text', 'stable name of an engine process, another for each; unset: host name and process number'],
  HUB_TLS_CERT: ['', 'PEM file', 'certificate and chain; with it, the API serves TLS 1.2 and 1.3 only'],
  HUB_TLS_KEY: ['', 'PEM file', 'its private key, without passphrase'],
  HUB_TLS_CLIENT: ['', '`required`', 'requests without a client certificate of `HUB_TLS_CA` are refused'],
  HUB_TLS_CA: ['', 'PEM file', 'authority of the client certificates; only with `HUB_TLS_CLIENT=required`'],
  HUB_TRUSTED_PROXIES: [
    '',
    'addresses',
    'proxies, or ranges like `10.0.0.0/8`, separated by commas, whose `X-Forwarded-For` the API and the portal believe',
  ],
  HUB_WEBHOOK_PRIVATE: ['', '`yes`', 'webhooks may call private addresses and plain HTTP: for tests only'],
  HUB_SECURITY_CONTACT: ['', 'URI', '`mailto:…` or `https://…` in `/.well-known/security.txt`; unset: there is none'],
  HUB_OIDC_ISSUER: ['', 'URL', 'the agents’ OpenID Connect provider, as it names itself; unset: no agent signs in'],
  HUB_OIDC_CLIENT_ID: ['', 'text', 'the portal’s client id at that provider'],
  HUB_OIDC_ACR: [
    'eidas1',
    '`eidas1`, `eidas1-mfa`, `eidas2`, `eidas3`',
    'lowest level of a sign-in; roles may ask for more',
  ],
  ...DRAIN_VARIABLES,
  ...PORTAL_VARIABLES,
  HUB_INDEX: ['on', '`on`, `off`', 'whether API processes keep lists of cases in their data folder'],
  ...OTLP_VARIABLES,
  HUB_LOG_LEVEL: ['info', 'pino level', 'trace, debug, info, warn, error, silent'],
} as const satisfies Record<string, readonly [value: string, unit: string, meaning: string]>;

type Variable = keyof typeof VARIABLES;

export interface Flags {
  role: Role;
  data: string;
  port?: number;
  host?: string;
}

/** A configuration that cannot work: says which variable, and what to do. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

const fault = (message: string): ConfigError => new ConfigError(message);

const ADMIN_SECRET_CHARACTERS = 24;
/** What an Authorization header can carry (contract §3). */
const ADMIN_CLIENT_ID = /^[!-9;-~]{1,100}$/;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'];
/** Records, files and keys are nobody's business on the machine but the hub's. */
const PRIVATE = 0o700;
const MB = 1024 * 1024;
const DAY_MS = 86_400_000;
const MAX_PORT = 65_535;
/** More would share the 64 partitions in pieces too small to make batches of. */
const MAX_ENGINES = 16;

export function loadConfig(env: NodeJS.ProcessEnv, flags: Flags): Config {
  const text = (name: Variable): string => env[name] || VARIABLES[name][0];
  const number = (name: Variable, least: number, most = Number.MAX_SAFE_INTEGER): number => {
    const value = Number(text(name));
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new ConfigError(`${name} must be a whole number from ${least} to ${most}: it is “${text(name)}”`);
  };
  const redisUrl = text('HUB_REDIS_URL');
  if (redisUrl === '')
    throw new ConfigError('HUB_REDIS_URL is not set: name a Redis, or start through ./hub, which brings one');
  const adminClientSecret = text('HUB_ADMIN_CLIENT_SECRET');
  const adminClientId = text('HUB_ADMIN_CLIENT_ID');
  if (adminClientId !== '' && !ADMIN_CLIENT_ID.test(adminClientId)) {
    throw new ConfigError('HUB_ADMIN_CLIENT_ID must be 1 to 100 ASCII characters without space or colon');
  }
  if (adminClientId !== '' && adminClientSecret.length < ADMIN_SECRET_CHARACTERS) {
    throw new ConfigError(
      `HUB_ADMIN_CLIENT_SECRET must have ${ADMIN_SECRET_CHARACTERS} characters at least: make one with \`openssl rand -hex 32\``,
    );
  }
  const level = LEVELS.find((each) => each === text('HUB_DURABILITY'));
  if (level === undefined)
    throw new ConfigError(`HUB_DURABILITY must be one of ${LEVELS.join(', ')}: it is “${text('HUB_DURABILITY')}”`);
  const replicas = number('HUB_REPLICAS', 1);
  const url = (name: Variable, schemes: readonly string[], value = text(name)): string => {
    const parsed = URL.parse(value);
    if (value === '' || (parsed?.hostname && schemes.includes(parsed.protocol))) return value;
    // Not the value itself: it may hold a password.
    throw new ConfigError(
      `${name} must be an address that begins with ${schemes.map((one) => `${one}//`).join(' or ')}`,
    );
  };
  for (const one of redisUrl.replace(/^cluster:/, '').split(','))
    url('HUB_REDIS_URL', ['redis:', 'rediss:'], one || '?');
  const logLevel = text('HUB_LOG_LEVEL');
  if (!LOG_LEVELS.includes(logLevel))
    throw new ConfigError(`HUB_LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}: it is “${logLevel}”`);
  const port = flags.port ?? number('HUB_PORT', 0, MAX_PORT);
  mkdirSync(flags.data, { recursive: true, mode: PRIVATE });
  return {
    role: flags.role,
    data: flags.data,
    blobs: text('HUB_BLOBS') || join(flags.data, 'blobs'),
    redisUrl,
    durability: { level, replicas: level === 'replicated' ? replicas : 0 },
    host: flags.host ?? text('HUB_HOST'),
    port,
    publicUrl: url('HUB_PUBLIC_URL', ['http:', 'https:']).replace(/\/$/, ''),
    masterKey: masterKey(text('HUB_MASTER_KEY'), flags.data, (message) => new ConfigError(message)),
    adminClientId,
    adminClientSecret,
    smtpUrl: url('HUB_SMTP_URL', ['smtp:', 'smtps:']),
    portalUrl: url('HUB_PORTAL_URL', ['http:', 'https:']).replace(/\/$/, ''),
    tokenSeconds: number('HUB_TOKEN_SECONDS', 60),
    backlogLimit: number('HUB_BACKLOG_LIMIT', 1),
    cellBytes: number('HUB_CELL_MB', 1) * MB,
    journalBytes: number('HUB_JOURNAL_MB', 1) * MB,
    feedMs: number('HUB_FEED_DAYS', 1) * DAY_MS,
    suspendDays: text('HUB_SUSPEND_DAYS') === '' ? undefined : number('HUB_SUSPEND_DAYS', 0),
    unfinishedHours: number('HUB_UNFINISHED_HOURS', 0),
    askMs: number('HUB_ASK_SECONDS', 1) * 1000,
    member: text('HUB_MEMBER') || `${hostname()}:${process.pid}`,
    engines: number('HUB_ENGINES', 0, MAX_ENGINES),
    index: onOff('HUB_INDEX', text('HUB_INDEX')),
    logLevel,
    tls: tlsConfig(text, fault),
    otlp: otlpConfig(text, fault),
    webhookPrivate: yes('HUB_WEBHOOK_PRIVATE', text('HUB_WEBHOOK_PRIVATE')),
    securityContact: securityContact(text('HUB_SECURITY_CONTACT')),
    oidc: oidcConfig(text),
    trustedProxies: listOf(text('HUB_TRUSTED_PROXIES')),
  };
}

/** Keys are fetched from there: without TLS only from this machine. */
function oidcConfig(text: (name: Variable) => string): OidcConfig | undefined {
  const [issuer, clientId] = [text('HUB_OIDC_ISSUER'), text('HUB_OIDC_CLIENT_ID')];
  const acr = ACR_LEVELS.find((level) => level === text('HUB_OIDC_ACR'));
  if (acr === undefined) throw new ConfigError(`HUB_OIDC_ACR must be one of ${ACR_LEVELS.join(', ')}`);
  if ((issuer === '') !== (clientId === ''))
    throw new ConfigError('HUB_OIDC_ISSUER and HUB_OIDC_CLIENT_ID go together');
  if (issuer === '') return undefined;
  const { protocol, hostname } = URL.parse(issuer) ?? {};
  if (protocol === 'https:' || (protocol === 'http:' && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname ?? '')))
    return { issuer, clientId, acr };
  throw new ConfigError('HUB_OIDC_ISSUER must begin with https://, or name this machine');
}

function yes(name: Variable, value: string): boolean {
  if (value === '' || value === 'yes') return value === 'yes';
  throw new ConfigError(`${name} must be “yes”, or unset: it is “${value}”`);
}

function onOff(name: Variable, value: string): boolean {
  if (value === 'on' || value === 'off') return value === 'on';
  throw new ConfigError(`${name} must be “on” or “off”: it is “${value}”`);
}

function securityContact(contact: string): string {
  if (contact === '' || /^(?:mailto:|https:\/\/)[!-~]+$/.test(contact)) return contact;
  throw new ConfigError('HUB_SECURITY_CONTACT must be one address, mailto:… or https://…');
}
