import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { accessFolder } from '#api/access/days.ts';
import { allRoutes } from '#api/routes.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Route } from '#api/server/types.ts';
import { MOST_CALLS } from '#api/together/routes.ts';
import { Together } from '#api/together/table.ts';
import { type AgentCaller, isProblem, Portal } from '#test/agents/portal.ts';
import { MEAUX, ORLY } from '#test/contract/country.ts';
import { call, type Json } from '#test/contract/wire.ts';
import { Things } from '#test/security/things.ts';

/** Several calls in one are answered as each of them alone: by the same rights, and in the access log. */

const T = '/teledossiers/v1';
const V = '/relais/v1';

let portal: Portal;
let things: Things;
let agent: AgentCaller;
let stranger: AgentCaller;
let nowhere: AgentCaller;
before(async () => {
  portal = await Portal.open();
  things = new Things(portal.world);
  agent = await portal.hired('certdc@orly.test', ORLY, { processCodes: ['CERTDC'] });
  stranger = await portal.hired('agent@meaux.test', MEAUX);
  await portal.invite('none@orly.test', ORLY);
  nowhere = await portal.working('none@orly.test', undefined);
});
after(() => portal.stop());

async function together(who: AgentCaller, calls: Json[]): Promise<Json[]> {
  const answer = await who.post(`${V}/calls`, { calls });
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.json.answers.length, calls.length);
  return answer.json.answers;
}

/** Ids of a request and times differ from one call to the next. */
const lasting = (body: Json): Json =>
  body !== null && typeof body === 'object' && !Array.isArray(body)
    ? { ...body, asOf: undefined, correlationId: undefined }
    : body;

const pathsOf = (caseId: string): string[] => [
  `${T}/cases/${caseId}`,
  `${T}/cases/${caseId}?lite=true`,
  `${V}/cases?view=waiting&sort=number&limit=5`,
  `${V}/cases/count?q=leroux`,
  `${V}/cases/counters`,
  `${V}/cases/${caseId}/neighbours?view=all`,
  `${V}/cases/${caseId}/desk`,
  `${V}/cases/${caseId}/notifications`,
  `${V}/colleagues`,
  `${V}/templates`,
  `${V}/views?counts=true`,
];

it('each is answered as it is alone, to whoever may and to whoever may not', async () => {
  const { caseId } = await things.delivered();
  for (const who of [agent, stranger, nowhere]) {
    const paths = pathsOf(caseId);
    const answers = await together(
      who,
      paths.map((path) => ({ path })),
    );
    for (const [index, path] of paths.entries()) {
      const alone = await who.get(path);
      const { status, etag, body } = answers[index];
      assert.deepEqual([status, etag], [alone.status, alone.headers['etag'] ?? null], path);
      assert.deepEqual(lasting(body), lasting(alone.json), path);
    }
  }
});

it('every route that may be called so is in the test above, and none of them changes a case', () => {
  const routes = allRoutes({ auth: {} } as unknown as ApiDeps).filter(({ together: may }) => may);
  const table = new Together(routes);
  const asked = new Set(
    pathsOf('01890a5d-ac96-7b06-8000-000000000000').map((path) => table.find('GET', path)?.route.path),
  );
  const other = routes.filter(({ method, path }) => method !== 'GET' || !asked.has(path));
  assert.deepEqual(
    other.map(({ method, path }) => `${method} ${path}`),
    [`PUT ${V}/cases/{caseId}/presence`],
  );
});

it('that an agent looks at a case is noted', async () => {
  const { caseId } = await things.delivered();
  const colleague = await portal.hired('colleague@orly.test', ORLY, { processCodes: ['CERTDC'] });
  await together(agent, [{ method: 'PUT', path: `${V}/cases/${caseId}/presence` }, { path: `${V}/colleagues` }]);
  assert.equal((await colleague.get(`${V}/cases/${caseId}/desk`)).json.present.length, 1);
});

it('what is read is in the access log, under the id of the request', async () => {
  const { caseId } = await things.delivered();
  const folder = accessFolder(portal.world.data);
  const entries = (): Json[] =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ndjson'))
      .flatMap((name) =>
        readFileSync(join(folder, name), 'utf8')
          .split('\n')
          .slice(1, -1)
          .map((line) => JSON.parse(line)),
      );
  const answer = await agent.post(`${V}/calls`, {
    calls: [{ path: `${T}/cases/${caseId}` }, { path: `${V}/cases?view=all` }],
  });
  const own = entries().filter(({ request }) => request === answer.headers['x-request-id']);
  assert.deepEqual(own.map(({ kind }) => kind).sort(), ['case', 'list']);
  for (const { cases } of own) assert.ok(cases.includes(caseId));
});

it('nothing else is called so: what changes something, what streams, what is not there', async () => {
  const { caseId, attachmentId } = await things.delivered();
  const refused = [
    { path: `${T}/cases/${caseId}/attachments/${attachmentId}` },
    { path: `${V}/calls` },
    { path: '/openapi.json' },
    { path: '/admin/v1/clients' },
    { path: `${V}/cases/${caseId}/desk/` },
    { path: 'http://127.0.0.1/relais/v1/colleagues' },
    { method: 'PUT', path: `${V}/cases/${caseId}/assignment` },
    { path: `${V}/cases/${caseId}/presence` },
  ];
  for (const { status, body } of await together(agent, refused)) {
    assert.equal(status, 404);
    assert.equal(body.type, `${V}/problems/not-found`);
  }
  const [form] = await together(agent, [{ path: `${T}/cases/%ff` }]);
  assert.equal(form?.['status'], 400);
});

it('a body of another form, and more calls than there may be, are refused', async () => {
  const path = `${V}/colleagues`;
  const bodies = [
    {},
    { calls: [] },
    { calls: Array(MOST_CALLS + 1).fill({ path }) },
    { calls: [{ method: 'DELETE', path }] },
  ];
  for (const body of bodies) isProblem(await agent.post(`${V}/calls`, body), 400, 'form-invalid');
});

it('a token that is good no more opens none of them', async () => {
  const gone = await portal.hired('gone@orly.test', ORLY);
  await portal.client.post(`${V}/sessions/end`, { session: gone.session });
  const answer = await call(portal.world.url, 'POST', `${V}/calls`, {
    ...(gone.token !== undefined && { token: gone.token }),
    json: { calls: [{ path: `${V}/colleagues` }] },
  });
  assert.equal(answer.status, 401);
});

it('a route that needs a body cannot be made to be called so', () => {
  const route = {
    method: 'GET',
    path: '/x',
    scopes: ['AGENT'],
    summary: '',
    handler: () => ({ status: 204 }),
  } as const;
  assert.ok(new Together([{ ...route, together: true }]).find('GET', '/x'));
  for (const more of [{ body: 'json' }, { scopes: ['SI'] }, { address: true }] as Partial<Route>[])
    assert.throws(() => new Together([{ ...route, ...more, together: true }]), /together/);
});
