/** A hub that lets one agent in and answers what it is told to: what a portal makes of it is looked at. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

const TOWN = { type: 'SI', companyRegister: '21940000000016', branchCode: '94054' };
const RESUMED = {
  token: 'agent',
  agent: {
    id: '01890a5d-ac96-7b06-8000-000000000000',
    email: 'ada@orly.test',
    givenName: 'Ada',
    familyName: 'Exemple',
    quality: 'officière d’état civil',
    service: null,
    author: 'Ada Exemple, officière d’état civil',
  },
  organizations: [
    { ...TOWN, name: 'Orly', postalCode: '94310', email: null, phoneNumber: null, role: 'agent', processCodes: null },
  ],
  idleSeconds: 1800,
  endsAt: new Date(Date.now() + 3_600_000).toISOString(),
};

export interface Stub {
  url: string;
  /** status of what is asked of cases; 200: with a body that is no JSON */
  status: number;
  /** the body of the last request of that path */
  last(path: string): unknown;
  stop(): Promise<void>;
}

export async function startStub(): Promise<Stub> {
  const bodies = new Map<string, string>();
  const answer: RequestListener = (request, response) => {
    const path = request.url ?? '';
    const json = (status: number, body: unknown): void => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => bodies.set(path, Buffer.concat(parts).toString()));
    if (path === '/oauth2/token') json(200, { access_token: 'portal', expires_in: 300 });
    else if (path === '/relais/v1/sessions/token') json(200, RESUMED);
    else if (stub.status === 200) response.writeHead(200).end('<');
    else json(stub.status, { type: '/relais/v1/problems/of-the-test', title: 'en anglais, ou presque', status: 0 });
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stub: Stub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    status: 500,
    last: (path) => JSON.parse(bodies.get(path) ?? 'null'),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return stub;
}

/** What a portal process needs to run beside it. */
export const portalOf = (url: string): Record<string, string> => ({
  HUB_API_URL: url,
  HUB_PORTAL_CLIENT_ID: 'p',
  HUB_PORTAL_CLIENT_SECRET: 's',
  HUB_PORTAL_PORT: '0',
  HUB_PORTAL_FILES_PORT: '0',
  HUB_OIDC_ISSUER: url,
  HUB_OIDC_CLIENT_ID: 'c',
  HUB_OIDC_CLIENT_SECRET: 'x',
});
