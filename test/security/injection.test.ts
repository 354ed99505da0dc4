import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { allRoutes } from '#api/routes.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Request } from '#api/server/types.ts';
import { loadConfig } from '#engine/config.ts';
import { errorOf } from '#engine/telemetry/log.ts';
import { startHub, type World } from '#test/contract/hub.ts';
import { call, type Json } from '#test/contract/wire.ts';
import { Fixture, route, until } from '#test/transport/fixture.ts';
import { once } from '#test/transport/raw.ts';
import { ROWS } from './rows.ts';
import { Things } from './things.ts';

/** What a request says may not become a line of a log, a label of a metric, or a member of every object. */

const routes = allRoutes({ auth: {} } as unknown as ApiDeps);
const HOSTILE = '\u001b[31mrouge\u001b[0m\r\n{"level":60,"msg":"forged"}\u2028} 1\nforged_metric{route="/x"} 1\n';

const FOLDER = mkdtempSync(join(tmpdir(), 'private-'));

let world: World;
before(async () => {
  world = await startHub();
});
after(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  await world.stop();
});

describe('prototypes', () => {
  /** Every object of a JSON text, with members that a careless copy would give to all objects. */
  const polluted = (json: unknown): string =>
    JSON.stringify(json).replace(
      /\{/g,
      '{"__proto__":{"polluted":true,"scope":"ADMIN"},"constructor":{"prototype":{"polluted":true}},',
    );
  const clean = (): void => {
    assert.equal((Object.create({}) as Json).polluted, undefined);
    assert.deepEqual(Object.keys(Object.prototype), []);
    assert.equal(([] as Json).scope, undefined);
  };

  for (const [name, row] of Object.entries(ROWS)) {
    const [method, template] = name.split(' ') as [string, string];
    it(`${name}: no body reaches them`, async () => {
      const { params = {}, json } = (await row.given?.(new Things(world))) ?? {};
      if (json === undefined) return;
      const path = template.replace(/\{(\w+)\}/g, (_, one: string) => params[one] as string);
      const headers = { 'Content-Type': 'application/json' };
      const { token } = world.admin;
      const answer = await call(world.url, method, path, { token, headers, body: polluted(json) });
      assert.equal(answer.status < 500, true, answer.text);
      assert.equal(answer.text.includes('polluted'), false, answer.text);
      clean();
    });
  }

  it('nor a query, nor a text that looks like JSON', async () => {
    const things = new Things(world);
    const body = things.folder();
    const text = '{"__proto__":{"polluted":true}}';
    body.cases[0].partnerAttributes = text;
    body.cases[0].externalId = '__proto__';
    body.attachments[0].recipients = ['__proto__'];
    body.attachments[0].fileName = 'constructor';
    const made = await world.dgs.post('/teledossiers/v1/folders', body);
    assert.equal(made.status, 201, made.text);
    assert.equal(made.json.cases[0].partnerAttributes, text);
    for (const query of [
      '__proto__=1',
      '__proto__[polluted]=true',
      'constructor=1',
      'orderBy=__proto__',
      'orderBy=constructor',
    ]) {
      const answer = await world.admin.get(`/referential/v1/organizations?${query}`);
      assert.equal([200, 400].includes(answer.status), true, answer.text);
    }
    clean();
  });
});

describe('metrics', () => {
  it('have labels of the hub only, whatever was asked', async () => {
    const text = encodeURIComponent(HOSTILE);
    for (const path of [
      `/${text}`,
      `/teledossiers/v1/cases/${text}`,
      `/referential/v1/processes/${text}`,
      `/token?x=${text}`,
    ]) {
      await world.admin.get(path);
      await world.admin.post(path, { actionType: HOSTILE });
    }
    await world.admin.call(`X${'Y'.repeat(20)}`, '/metrics');
    await world.admin.put(`/admin/v1/parked/${text}`, {});
    const lines = (await world.admin.get('/metrics')).text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    assert.equal(lines.length > 100, true);
    const known = new Set(routes.map(({ path }) => path));
    for (const line of lines) {
      assert.match(line, /^[a-z0-9_]+(\{[a-z_]+="[^"\\\r\n]*"(,[a-z_]+="[^"\\\r\n]*")*\})? [-+0-9.eNaInf]+$/);
      assert.equal(line.includes('forged'), false);
      const label = /route="([^"]*)"/.exec(line)?.[1];
      if (label !== undefined) assert.equal(known.has(label), true, label);
    }
  });
});

describe('logs', () => {
  it('name routes, not what was sent', async () => {
    const handler = (request: Request) => assert.fail(request.header('editorname') && 'broken');
    const fixture = await Fixture.start([
      route({ method: 'GET', path: '/items/{code}', headers: ['editorname'], handler }),
    ]);
    try {
      const path = `/items/${encodeURIComponent(HOSTILE)}?secret=${encodeURIComponent(HOSTILE)}`;
      await once(fixture.port, `GET ${path}`, { editorName: 'Mairie' });
      await until(() => fixture.lines.length > 1);
      const text = JSON.stringify(fixture.lines);
      for (const word of ['rouge', 'forged', 'secret', 'Mairie', '127.0.0.1', '\\u001b']) {
        assert.equal(text.includes(word), false, word);
      }
    } finally {
      await fixture.server.close();
    }
  });

  it('show of an error neither the command that failed nor the text that could not be read', () => {
    const reply = Object.assign(new Error('ERR refused'), {
      name: 'ReplyError',
      code: 'ERR',
      command: { name: 'fcall', args: ['accept', 'Camille Exemple'] },
    });
    assert.deepEqual(Object.keys(errorOf(reply)).sort(), ['code', 'message', 'stack', 'type']);
    assert.equal(JSON.stringify(errorOf(reply)).includes('Camille'), false);
    let unread: unknown;
    try {
      JSON.parse('Camille Exemple');
    } catch (error) {
      unread = error;
    }
    assert.equal(String(unread).includes('Camille'), true);
    assert.equal(JSON.stringify(errorOf(unread)).includes('Camille'), false);
    assert.deepEqual(errorOf('Camille'), { type: 'string' });
  });
});

describe('what lies on the machine', () => {
  it('is its owner’s only', () => {
    const data = join(FOLDER, 'data');
    loadConfig({ HUB_REDIS_URL: 'redis://127.0.0.1' }, { role: 'api', data });
    assert.equal(statSync(data).mode & 0o777, 0o700);
    assert.equal(statSync(`${data}/master.key`).mode & 0o777, 0o600);
  });

  it('a master key cut short, or with a wrong character, stops the start', () => {
    const load = (HUB_MASTER_KEY: string) =>
      loadConfig({ HUB_REDIS_URL: 'redis://127.0.0.1', HUB_MASTER_KEY }, { role: 'api', data: FOLDER }).masterKey;
    assert.equal(load('0f'.repeat(32)).length, 32);
    for (const wrong of [
      '0f'.repeat(31),
      `${'0f'.repeat(32)}z`,
      `${'0f'.repeat(32)}0`,
      `${'0f'.repeat(31)}zz`,
      ' '.repeat(64),
    ]) {
      assert.throws(() => load(wrong), { name: 'ConfigError' }, wrong);
    }
  });
});
