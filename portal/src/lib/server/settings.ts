/** Settings of the portal's process: ops/threads/portal.ts sets them from the hub's configuration. */

export interface Settings {
  /** address the agents' browsers use, without a slash at the end */
  url: URL;
  /** another host name: files are shown from there, so that they never meet the session's cookie */
  filesUrl: URL;
  apiUrl: string;
  /** what only who runs the portal can know of it; each '' = not said */
  legal: { publisher: string; hosting: string; contact: string };
  /** '' = there is no demonstration space */
  demoUrl: string;
  /** how long a decision waits before it leaves */
  undoSeconds: number;
  /** folder for what is on its way: files being sent, texts that were not */
  spool: string;
  /** URL of the thread slips are set in */
  slips: string;
  clientId: string;
  clientSecret: string;
  oidc: { issuer: URL; clientId: string; clientSecret: string };
}

let read: Settings | undefined;

function text(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

export function settings(): Settings {
  read ??= {
    url: new URL(text('HUB_PORTAL_URL')),
    filesUrl: new URL(text('HUB_PORTAL_FILES_URL')),
    apiUrl: text('HUB_API_URL').replace(/\/$/, ''),
    legal: {
      publisher: process.env['HUB_PORTAL_PUBLISHER'] ?? '',
      hosting: process.env['HUB_PORTAL_HOSTING'] ?? '',
      contact: process.env['HUB_PORTAL_CONTACT'] ?? '',
    },
    demoUrl: process.env['HUB_PORTAL_DEMO_URL'] ?? '',
    undoSeconds: Number(process.env['HUB_PORTAL_UNDO'] || '30'),
    spool: text('HUB_PORTAL_SPOOL'),
    slips: text('HUB_PORTAL_SLIPS'),
    clientId: text('HUB_PORTAL_CLIENT_ID'),
    clientSecret: text('HUB_PORTAL_CLIENT_SECRET'),
    oidc: {
      issuer: new URL(text('HUB_OIDC_ISSUER')),
      clientId: text('HUB_OIDC_CLIENT_ID'),
      clientSecret: text('HUB_OIDC_CLIENT_SECRET'),
    },
  };
  return read;
}

export const isSecure = (): boolean => settings().url.protocol === 'https:';
