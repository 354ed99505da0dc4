import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keyOf, NOWHERE } from './country.ts';
import { startHub, type World } from './hub.ts';
import { REFERENTIAL } from './referential.ts';
import type { Row, Scope } from './row.ts';
import { assertError } from './shape.ts';
import { TELEDOSSIERS } from './teledossiers.ts';
import { type Call, call, type Json, type Partner } from './wire.ts';

/** Every row of the table: who may call, what is missing, what is too long, what is unknown (contract §§1, 2, 4). */

const SCOPES: readonly Scope[] = ['OSL', 'SI', 'ADMIN', 'DATAPASS'];
const UNKNOWN = '018f3c6a-0000-7000-8000-000000000000';
const HEADERS = ['editorName', 'applicationName', 'softwareVersion'];
const MISSING =
  "Missing Credentials : Invalid Credentials. Make sure your API invocation call has a header: 'Authorization : Bearer ACCESS_TOKEN'";
const INVALID = 'Invalid Credentials : Invalid Credentials. Make sure you have given the correct access token';

let world: World;
let partners: Record<Scope, Partner>;

before(async () => {
  world = await startHub();
  partners = { OSL: world.dgs, SI: world.orly, ADMIN: world.admin, DATAPASS: world.datapass };
});
after(() => world.stop());

/** Names of the ids of a path: what must be a UUID. */
const ids = (row: Row): string[] => [...row.path.matchAll(/\{(\w+Id)\}/g)].map((match) => match[1] as string);

const parameters: Readonly<Record<string, string>> = { id: keyOf(NOWHERE), code: 'NOTHING' };

const fill = (row: Row, values: Readonly<Record<string, string>> = {}): string =>
  row.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? parameters[name] ?? UNKNOWN);

const sent = (row: Row): Call => (row.body ? { json: row.body() } : {});
const caller = (row: Row): Partner => partners[row.scopes[0] as Scope];
const form = (method: string, path: string, place: string, detail: string): string =>
  `Bad Request : Validation failed.\n[ERROR][REQUEST][${method} ${path} @${place}] ${detail}`;

/** A copy with one member, named by its dotted path, changed. */
function changed(body: unknown, name: string, value: unknown): Json {
  const copy = structuredClone(body) as Json;
  const steps = name.split('.');
  const last = steps.pop() as string;
  let inside = copy;
  for (const step of steps) inside = inside[step];
  inside[last] = value;
  return copy;
}

for (const row of [...TELEDOSSIERS, ...REFERENTIAL]) {
  describe(`${row.method} ${row.path}`, () => {
    test('refuses a call without a token, with an empty one, with a wrong one', async () => {
      const path = fill(row);
      assertError(await call(world.url, row.method, path, sent(row)), 401, MISSING, 900902);
      const empty = { ...sent(row), headers: { Authorization: 'Bearer ' } };
      assertError(await call(world.url, row.method, path, empty), 401, MISSING, 900902);
      const wrong = { ...sent(row), token: 'not.a.token' };
      assertError(await call(world.url, row.method, path, wrong), 401, INVALID, 900901);
    });

    for (const scope of SCOPES.filter((one) => !row.scopes.includes(one))) {
      test(`refuses ${scope}, before it looks at the form`, async () => {
        const path = fill(row, Object.fromEntries(ids(row).map((name) => [name, 'dddddd'])));
        assertError(await partners[scope].call(row.method, path, { json: 3 }), 403, 'Unauthorized user');
      });
    }

    for (const scope of row.scopes) {
      test(`admits ${scope}`, async () => {
        // a form that is wrong, or an id that is unknown, changes nothing
        const answer = await partners[scope].call(row.method, fill(row), row.body ? { json: 3 } : {});
        assert.notEqual(answer.status, 401, answer.text);
        if (answer.status === 403) assert.fail(`${scope} may call ${row.method} ${row.path}`);
      });
    }

    for (const name of ids(row)) {
      test(`refuses a ${name} that is no UUID`, async () => {
        const path = fill(row, { [name]: 'dddddd' });
        const answer = await caller(row).call(row.method, path, sent(row));
        const text = form(row.method, path, `path.${name}`, 'Input string "dddddd" is not a valid UUID');
        assertError(answer, 400, text);
      });
    }

    const first = Object.entries(row.unknown ?? {})[0];
    if (first !== undefined) {
      test(`answers 404 to an unknown ${first[0]}`, async () => {
        assertError(await caller(row).call(row.method, fill(row), sent(row)), 404, first[1]);
      });
    }

    if (row.body !== undefined) {
      test('refuses a body that is missing, no JSON, or of the wrong type', async () => {
        const path = fill(row);
        const partner = caller(row);
        if (!row.bodiless) assertError(await partner.call(row.method, path), 400, /@body\] /);
        const headers = { 'Content-Type': 'application/json' };
        assertError(await partner.call(row.method, path, { headers, body: '{"a":' }), 400, /@body\] /);
        const answer = await partner.call(row.method, path, { json: 3 });
        const allowed = Array.isArray(row.body?.()) ? 'array' : 'object';
        const detail = `Instance type (integer) does not match any allowed primitive type (allowed: ["${allowed}"])`;
        assertError(answer, 400, form(row.method, path, 'body', detail));
      });
    }

    if (row.missing !== undefined) {
      test('names what is missing, in alphabetical order', async () => {
        const path = fill(row);
        const answer = await caller(row).call(row.method, path, { json: {} });
        const detail = `Object has missing required properties (${JSON.stringify(row.missing)})`;
        assertError(answer, 400, form(row.method, path, 'body', detail));
      });
    }

    for (const [name, length] of Object.entries(row.lengths ?? {})) {
      test(`refuses a ${name} of more than ${length} characters`, async () => {
        const digits = name.endsWith('companyRegister');
        const body = changed(row.body?.(), name, (digits ? '1' : 'x').repeat(length + 1));
        const answer = await caller(row).call(row.method, fill(row), { json: body });
        const pointer = `[Path '/${name.replaceAll('.', '/')}'] `;
        assertError(answer, 400, /@body\] /);
        assert(
          answer.json.errors.some(({ message }: Json) => message.includes(pointer)),
          answer.text,
        );
      });
    }

    if (row.override) {
      test('POST does the same with the override header, and answers 405 without', async () => {
        const path = fill(row);
        const plain = await caller(row).call('POST', path, sent(row));
        assertError(plain, 405, 'Method not allowed');
        const headers = { 'X-HTTP-Method-Override': 'PATCH' };
        const overridden = await caller(row).call('POST', path, { ...sent(row), headers });
        assertError(overridden, 404, Object.values(row.unknown ?? {})[0]);
        const other = await caller(row).call('POST', path, {
          ...sent(row),
          headers: { 'X-HTTP-Method-Override': 'PUT' },
        });
        assertError(other, 405, 'Method not allowed');
      });
    }
  });
}

describe('headers of the partner', () => {
  for (const row of TELEDOSSIERS) {
    test(`${row.method} ${row.path} refuses one of more than 50 characters`, async () => {
      for (const name of HEADERS) {
        const answer = await caller(row).call(row.method, fill(row), {
          ...sent(row),
          headers: { [name]: 'x'.repeat(51) },
        });
        assertError(answer, 400, new RegExp(`@header\\.${name}\\] `));
      }
    });
  }
});

test('an id that only looks like one of the hub is unknown', async () => {
  // version 7 and the mark of a case, but partitions there are none of
  for (const [home, folderHome] of [
    ['c8', '05'],
    ['05', 'c8'],
    ['40', '40'],
  ]) {
    const path = `/teledossiers/v1/cases/01a209ae-21f0-71${home}-8000-${folderHome}3d0357ffc3`;
    assertError(await world.dgs.get(path), 404, 'Case is not found');
    assertError(await world.dgs.patch(path, { status: 'SENT' }), 404, 'Case is not found');
    assertError(
      await world.dgs.post(`${path}/events`, { actionType: 'COM_ADD', notification: true }),
      404,
      'Case is not found',
    );
  }
});

test('a path that is none of the contract answers 404 in the envelope', async () => {
  assertError(await world.dgs.get('/teledossiers/v1/nothing'), 404);
});

test('a method that is none of the contract answers 405 in the envelope', async () => {
  assertError(await world.dgs.call('PUT', '/teledossiers/v1/notifications'), 405, 'Method not allowed');
});
