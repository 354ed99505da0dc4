import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  DGS,
  process as démarche,
  keyOf,
  LENS,
  MEAUX,
  NOWHERE,
  ORLY,
  organization,
  subscription,
} from '#test/contract/country.ts';
import { deposit, notifications, startHub, type World } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';
import { isProblem, deposit as nativeDeposit, send } from '#test/native/calls.ts';
import { NativeSender } from './native.ts';

/** Held cases and competence on the whole product. */
let world: World;
let native: NativeSender;
before(async () => {
  world = await startHub();
  native = await NativeSender.open(world);
});
after(async () => {
  await native?.close();
  await world?.stop();
});

const PATIENCE_MS = 10_000;
const RETRY_MS = 20;

/** Asks again until it is so. */
async function eventually<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    assert.ok(Date.now() < end, `never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

const set = async (org: typeof ORLY, status: string): Promise<void> => {
  const id = world.subscriptions.get(`CERTDC|${keyOf(org)}`);
  const answer = await world.admin.put(`/referential/v1/subscriptions/${id}`, subscription('CERTDC', org, { status }));
  assert.equal(answer.status, 200, answer.text);
};

const routing = async (id: string): Promise<Json> => (await world.dgs.get(`/relais/v1/cases/${id}/routing`)).json;
const routed = (id: string, to: string): Promise<Json> =>
  eventually(async () => {
    const json = await routing(id);
    return json.routing === to ? json : undefined;
  }, `${id} is ${to}`);

const held = async (): Promise<Json[]> => (await world.admin.get('/admin/v1/held')).json;
const types = async (who: 'dgs' | 'meaux', caseId: string): Promise<string[]> =>
  (await world[who].get('/relais/v1/feed?after=0&limit=250')).json
    .filter(({ subject }: Json) => subject === caseId)
    .map(({ type }: Json) => type.split('.')[3]);
/** An entry of a feed is written by its organisation's own partition, some milliseconds after the case is delivered. */
const told = async (who: 'dgs' | 'meaux', caseId: string, expected: string[]): Promise<void> => {
  let last: string[] = [];
  const whole = async (): Promise<true | undefined> => {
    last = await types(who, caseId);
    return last.length >= expected.length || undefined;
  };
  await eventually(whole, `${expected} told to ${who}`);
  assert.deepEqual(last, expected);
};

describe('a native deposit for a suspended subscription', () => {
  it('is held, listed for the administrator, and delivered in order once the subscription is active', async () => {
    const folders = [await native.deposit(MEAUX, () => set(MEAUX, 'Suspendu'))];
    const ids = [folders[0].cases[0].id];
    const first = await routed(ids[0], 'held');
    assert.equal(first.status, 'HUBEE_RECEIVED');
    assert.equal(Date.parse(first.until) - Date.parse(first.since), 720 * 3_600_000);
    await set(MEAUX, 'Actif');
    await routed(ids[0], 'delivered');

    for (let n = 0; n < 3; n += 1) {
      ids.push((await native.deposit(MEAUX, () => set(MEAUX, 'Suspendu'))).cases[0].id);
      await routed(ids.at(-1), 'held');
      const [box] = await held();
      assert.deepEqual(
        [box.organization, box.processCode, box.cases, box.subscription],
        [MEAUX, 'CERTDC', 1, 'Suspendu'],
      );
      assert.equal((await world.meaux.get(`/teledossiers/v1/cases/${ids.at(-1)}`)).status, 404);
      assert.equal((await world.dgs.get(`/teledossiers/v1/cases/${ids.at(-1)}`)).json.status, 'HUBEE_RECEIVED');
      await set(MEAUX, 'Actif');
      await routed(ids.at(-1), 'delivered');
    }
    const listed = (await notifications(world.meaux)).map(({ caseId }) => caseId);
    assert.deepEqual(listed, ids);
    await told('dgs', ids[0], ['held', 'released']);
    await told('meaux', ids[0], ['deposited']);
    assert.deepEqual(await held(), []);
    assert.ok(world.mails.texts.some((text) => /=?utf-8|inviter/i.test(text)));
    assert.ok(world.mails.received.includes(organization(DGS, '').email));
  });

  it('is taken by the native API itself, and delivered once its recipient is subscribed', async () => {
    await set(MEAUX, 'Suspendu');
    const taken = await send(world.dgs, nativeDeposit({ to: [ORLY, MEAUX] }));
    assert.equal(taken.status, 201, taken.text);
    const [orly, meaux] = taken.json.cases.map(({ id }: Json) => id);
    assert.deepEqual([(await routing(orly)).routing, (await routing(meaux)).routing], ['delivered', 'held']);
    await set(MEAUX, 'Actif');
    await routed(meaux, 'delivered');
    await told('dgs', meaux, ['held', 'released']);
  });

  it('leaves the contract’s rule alone: 400 without subscription', async () => {
    await set(MEAUX, 'Suspendu');
    await assert.rejects(deposit(world.dgs, { to: [MEAUX] }), /does not suscribed/);
    await set(MEAUX, 'Actif');
    assert.deepEqual(await held(), []);
  });

  it('can be withdrawn by closing it', async () => {
    const [{ id }] = (await native.deposit(MEAUX, () => set(MEAUX, 'Suspendu'))).cases;
    await routed(id, 'held');
    assert.equal((await world.dgs.patch(`/teledossiers/v1/cases/${id}`, { status: 'IN_PROGRESS' })).status, 400);
    assert.equal((await world.dgs.patch(`/teledossiers/v1/cases/${id}`, { status: 'CLOSED' })).status, 204);
    assert.equal((await routing(id)).routing, 'withdrawn');
    assert.deepEqual(await held(), []);
    await set(MEAUX, 'Actif');
  });
});

describe('the rule of a démarche', () => {
  it('is kept by a PUT that does not know it, and changed by one that does', async () => {
    const PATH = '/referential/v1/processes';
    const hold = { hours: 48, fallback: LENS };
    const made = await world.admin.post(PATH, démarche('GARDE', DGS, { hold }));
    assert.deepEqual([made.status, made.json.hold], [201, hold]);
    assert.deepEqual((await world.admin.put(`${PATH}/GARDE`, démarche('GARDE', DGS))).json.hold, hold);
    const changed = await world.admin.put(`${PATH}/GARDE`, démarche('GARDE', DGS, { hold: null }));
    assert.equal(Object.hasOwn(changed.json, 'hold'), false);
    for (const wrong of [
      { hours: 0, fallback: null },
      { hours: 2 },
      { hours: 2, fallback: NOWHERE },
      { hours: 2, fallback: DGS },
      'demain',
    ]) {
      assert.equal((await world.admin.put(`${PATH}/GARDE`, démarche('GARDE', DGS, { hold: wrong }))).status, 400);
    }
  });
});

describe('GET /relais/v1/recipients', () => {
  const ask = (query: string) => world.dgs.get(`/relais/v1/recipients?${query}`);

  it('answers which organisation would take a deposit, and whether it would wait', async () => {
    const found = await ask('processCode=CERTDC&commune=94054&date=2026-04-15');
    assert.deepEqual(
      [found.status, found.json],
      [200, { recipient: ORLY, name: 'Orly', commune: '94054', date: '2026-04-15', subscribed: true, followed: [] }],
    );
    assert.equal((await ask('processCode=CERTDC&commune=62498')).json.subscribed, false);
  });

  it('follows merged communes', async () => {
    const org = { type: 'SI', companyRegister: '21490331000015', branchCode: '49331' };
    await world.admin.post('/referential/v1/organizations', organization(org, 'Segré-en-Anjou Bleu'));
    const { json } = await ask('processCode=CERTDC&commune=49158');
    assert.deepEqual([json.recipient, json.followed], [org, [{ from: '49158', to: '49331', date: '2016-12-15' }]]);
  });

  it('says what to do about what it cannot answer', async () => {
    const nobody = isProblem(await ask('processCode=CERTDC&commune=01001'), 404, 'recipient-unknown');
    assert.match(nobody.detail, /code INSEE/);
    isProblem(await ask('processCode=Inconnue&commune=94054'), 400, 'form-invalid');
    for (const wrong of [
      'commune=94054',
      'processCode=CERTDC',
      'processCode=CERTDC&commune=9405',
      'processCode=CERTDC&commune=94054&date=2026-02-31',
      'processCode=CERTDC&commune=94054&extra=1',
    ]) {
      assert.match(
        isProblem(await ask(wrong), 400, 'form-invalid').detail,
        /^Paramètre (?:processCode|commune|date|extra) : /,
      );
    }
  });
});
