/** Settings of the agents' portal, which is a process, or a thread, of its own. */

/** As in engine/config.ts, whose table they are part of. */
export const PORTAL_VARIABLES = {
  HUB_OIDC_CLIENT_SECRET: ['', 'text', 'its secret there; read by the portal only'],
  HUB_PORTAL_CLIENT_ID: ['', 'text', 'the portal’s client id of scope PORTAL; unset: no portal'],
  HUB_PORTAL_CLIENT_SECRET: ['', 'text', 'its secret'],
  HUB_PORTAL_PORT: ['8081', 'port', 'where the portal listens; 0 for a free one'],
  HUB_PORTAL_URL: [
    '',
    'URL',
    'the address agents’ browsers use, which passkeys are bound to; unset: `http://localhost:` and the port, and no passkeys',
  ],
  HUB_PORTAL_FILES_PORT: ['8082', 'port', 'where files of cases are shown from; 0 for a free one'],
  HUB_PORTAL_FILES_URL: [
    '',
    'URL',
    'its address, of another host name than the portal’s; unset: `http://127.0.0.1:` and the port',
  ],
  HUB_PORTAL_DEMO_URL: ['', 'URL', 'set by `./hub demo` only: where its demonstration space is made new'],
  HUB_PORTAL_UNDO: [
    '30',
    'seconds',
    'how long an agent’s decision waits, and may be undone, before it leaves: 0 to 60',
  ],
  HUB_PORTAL_SPOOL: [
    '',
    'folder',
    'on a disk, for files being sent and texts that were not, half an hour at most; unset: `.hub/portal`',
  ],
  HUB_PORTAL_PUBLISHER: [
    '',
    'text',
    'who publishes the portal, on its legal page: name, address, director of publication; unset: the page says it is missing',
  ],
  HUB_PORTAL_HOSTING: ['', 'text', 'who hosts it, on the same page: name, address, telephone; the same'],
  HUB_PORTAL_CONTACT: ['', 'text', 'how agents reach support, on the pages of help and accessibility; the same'],
  HUB_API_URL: ['', 'URL', 'the API the portal calls; unset: the one of the same process'],
} as const satisfies Record<string, readonly [value: string, unit: string, meaning: string]>;

export interface PortalConfig {
  host: string;
  /** 0: a free one */
  port: number;
  filesPort: number;
  /** without a slash at the end; '' = derived from the port */
  url: string;
  filesUrl: string;
  apiUrl: string;
  /** what only who runs the portal can know of it; each '' = not said */
  legal: { publisher: string; hosting: string; contact: string };
  /** '' = there is no demonstration space */
  demoUrl: string;
  undoSeconds: number;
  /** '' = the product's own */
  spool: string;
  clientId: string;
  clientSecret: string;
  oidc: { issuer: string; clientId: string; clientSecret: string };
  /** proxies whose word about an agent's address is believed */
  trustedProxies: string[];
}

type Name =
  | keyof typeof PORTAL_VARIABLES
  | 'HUB_HOST'
  | 'HUB_TRUSTED_PROXIES'
  | 'HUB_OIDC_ISSUER'
  | 'HUB_OIDC_CLIENT_ID';

/** Values between commas. */
export const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** Without one of them nobody could sign in. */
const NEEDED: readonly Name[] = [
  'HUB_PORTAL_CLIENT_ID',
  'HUB_PORTAL_CLIENT_SECRET',
  'HUB_API_URL',
  'HUB_OIDC_ISSUER',
  'HUB_OIDC_CLIENT_ID',
  'HUB_OIDC_CLIENT_SECRET',
];
const MAX_PORT = 65_535;
const MOST_UNDO = 60;

/**
 * The portal's settings, or the names of those that are missing.
 * @throws what `fault` makes, for a setting that cannot be
 */
export function portalConfig(
  env: NodeJS.ProcessEnv,
  fault: (message: string) => Error,
): { config: PortalConfig } | { missing: readonly string[] } {
  const text = (name: Name): string =>
    env[name] || (name in PORTAL_VARIABLES ? PORTAL_VARIABLES[name as keyof typeof PORTAL_VARIABLES][0] : '');
  const port = (name: Name): number => {
    const value = Number(text(name));
    if (Number.isInteger(value) && value >= 0 && value <= MAX_PORT) return value;
    throw fault(`${name} must be a whole number from 0 to ${MAX_PORT}: it is “${text(name)}”`);
  };
  const url = (name: Name): string => {
    const value = text(name);
    const parsed = URL.parse(value);
    if (value === '' || parsed?.protocol === 'https:' || parsed?.protocol === 'http:') return value.replace(/\/$/, '');
    throw fault(`${name} must be an address that begins with http:// or https://`);
  };
  const undo = Number(text('HUB_PORTAL_UNDO'));
  if (!(Number.isInteger(undo) && undo >= 0 && undo <= MOST_UNDO))
    throw fault(`HUB_PORTAL_UNDO must be a whole number from 0 to ${MOST_UNDO}`);
  const config: PortalConfig = {
    host: text('HUB_HOST') || '127.0.0.1',
    port: port('HUB_PORTAL_PORT'),
    filesPort: port('HUB_PORTAL_FILES_PORT'),
    url: url('HUB_PORTAL_URL'),
    filesUrl: url('HUB_PORTAL_FILES_URL'),
    apiUrl: url('HUB_API_URL'),
    legal: {
      publisher: text('HUB_PORTAL_PUBLISHER'),
      hosting: text('HUB_PORTAL_HOSTING'),
      contact: text('HUB_PORTAL_CONTACT'),
    },
    demoUrl: url('HUB_PORTAL_DEMO_URL'),
    undoSeconds: undo,
    spool: text('HUB_PORTAL_SPOOL'),
    clientId: text('HUB_PORTAL_CLIENT_ID'),
    clientSecret: text('HUB_PORTAL_CLIENT_SECRET'),
    oidc: {
      issuer: url('HUB_OIDC_ISSUER'),
      clientId: text('HUB_OIDC_CLIENT_ID'),
      clientSecret: text('HUB_OIDC_CLIENT_SECRET'),
    },
    trustedProxies: listOf(text('HUB_TRUSTED_PROXIES')),
  };
  const missing = NEEDED.filter((name) => text(name) === '');
  if (missing.length > 0) return { missing };
  if (config.url !== '' && URL.parse(config.url)?.hostname === URL.parse(config.filesUrl)?.hostname)
    throw fault('HUB_PORTAL_FILES_URL must have another host name than HUB_PORTAL_URL: cookies know no ports');
  return { config };
}
