import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { Acceptor } from '#engine/client/accept.ts';
import type { Command } from '#engine/domain/commands.ts';
import { encodeMessage } from '#engine/domain/envelope.ts';
import { fromUuid, type Id, KIND, newId, parts, toUuid } from '#engine/domain/ids.ts';
import { PARTITIONS, partitionOf } from '#engine/domain/placement.ts';
import { digestOf, homeOfKey, keyHash } from '#engine/domain/records/key.ts';
import { Calls } from '#engine/redis/calls.ts';
import { connect, disconnect } from '#engine/redis/connect.ts';
import { keyOf, LENS, MEAUX, ORLY, type Org, organization, subscription } from '#test/contract/country.ts';
import { enrolPartners, notifications, startHub, type World } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';
import { batch, changed, deposit, isProblem, send } from './calls.ts';

/** Recipients a deposit names by démarche, commune and date: whom it took is answered, and answered again. */

/** Merged into Saint-Denis on 1 January 2025. */
const PIERREFITTE: Org = { type: 'SI', companyRegister: '21930000000011', branchCode: '93059' };
const SAINT_DENIS: Org = { type: 'SI', companyRegister: '21930000000029', branchCode: '93066' };

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

/** A deposit whose cases are for these communes, each with its day or none. */
const forCommunes = (...places: (string | [commune: string, date: string])[]): Json =>
  changed(
    (body) => {
      for (const [index, place] of places.entries()) {
        const [commune, date] = typeof place === 'string' ? [place] : place;
        body.cases[index].competence = { commune, ...(date && { date }) };
        delete body.cases[index].recipient;
      }
    },
    { to: places.map(() => ORLY) },
  );

const enrol = async (org: Org, subscribed = true): Promise<void> => {
  await world.admin.post('/referential/v1/organizations', organization(org, keyOf(org)));
  if (subscribed) await world.admin.post('/referential/v1/subscriptions', subscription('CERTDC', org));
};

const tookBy = ({ cases }: Json): string[] => cases.map(({ recipient }: Json) => keyOf(recipient));

describe('a recipient named by its competence', () => {
  it('is found, answered, and has its case', async () => {
    const answer = await send(world.dgs, forCommunes(MEAUX.branchCode, [ORLY.branchCode, '2026-01-01']));
    assert.equal(answer.status, 201, answer.text);
    assert.deepEqual(
      answer.json.cases.map(({ recipient }: Json) => recipient),
      [MEAUX, ORLY],
    );
    const ids = (await notifications(world.meaux)).map(({ caseId }) => caseId);
    assert.ok(ids.includes(answer.json.cases[0].id));
  });

  it('without subscription has its case held', async () => {
    const { cases } = (await send(world.dgs, forCommunes(LENS.branchCode))).json;
    assert.deepEqual(cases[0].recipient, LENS);
    assert.equal((await world.dgs.get(`/relais/v1/cases/${cases[0].id}/routing`)).json.routing, 'held');
  });

  it('stands beside one named by identity, and partners of the sender may do the same', async () => {
    const mixed = deposit({ to: [ORLY, MEAUX] });
    mixed.cases[1].competence = { commune: MEAUX.branchCode };
    delete mixed.cases[1].recipient;
    const { dgsPartner } = await enrolPartners(world.admin);
    assert.deepEqual(tookBy((await send(dgsPartner, mixed)).json), [ORLY, MEAUX].map(keyOf));
    const asked = await dgsPartner.get(`/relais/v1/recipients?processCode=CERTDC&commune=${MEAUX.branchCode}`);
    assert.deepEqual(asked.json?.recipient, MEAUX, asked.text);
  });

  it('that merged is followed from its day on; a repeated key is told whom the first took', async () => {
    await enrol(PIERREFITTE);
    const old = forCommunes(PIERREFITTE.branchCode);
    const key = randomUUID();
    const first = await send(world.dgs, old, key);
    assert.deepEqual(tookBy(first.json), [keyOf(PIERREFITTE)]);

    await enrol(SAINT_DENIS);
    assert.deepEqual(tookBy((await send(world.dgs, old)).json), [keyOf(SAINT_DENIS)]);
    const before = await send(world.dgs, forCommunes([PIERREFITTE.branchCode, '2024-12-31']));
    assert.deepEqual(tookBy(before.json), [keyOf(PIERREFITTE)]);

    const again = await send(world.dgs, old, key);
    assert.deepEqual([again.status, again.text, again.headers['idempotency-replayed']], [201, first.text, 'true']);
  });

  it('is told again when nobody could be chosen now', async () => {
    const [body, key] = [forCommunes(SAINT_DENIS.branchCode), randomUUID()];
    const first = await send(world.dgs, body, key);
    const other = { ...SAINT_DENIS, companyRegister: '20000000000012' };
    await enrol(other);
    const fault = isProblem(await send(world.dgs, body), 422, 'rules-not-met').errors[0];
    assert.equal(fault.pointer, '/cases/0/competence');
    assert.match(fault.detail, /SI-20000000000012-93066, SI-21930000000029-93066/);
    const again = await send(world.dgs, body, key);
    assert.deepEqual([again.status, again.text], [201, first.text]);
  });

  it('in a batch is answered line by line, and the same when the batch is sent again', async () => {
    const lines = [MEAUX, LENS, ORLY].map(({ branchCode }, n) => ({
      idempotencyKey: `c${n}`,
      ...forCommunes(branchCode),
    }));
    const first = await batch(world.dgs, lines);
    assert.deepEqual(tookBy(first.get('c0')), [keyOf(MEAUX)]);
    assert.deepEqual(tookBy(first.get('c1')), [keyOf(LENS)]);
    assert.deepEqual(await batch(world.dgs, lines), first);
  });

  it('of thousands is answered for each, and again', async () => {
    const [body, key] = [
      forCommunes(...Array.from({ length: 1000 }, (_, n) => (n % 2 ? MEAUX : LENS).branchCode)),
      randomUUID(),
    ];
    const first = await send(world.dgs, body, key);
    assert.equal(tookBy(first.json)[999], keyOf(MEAUX));
    assert.equal((await send(world.dgs, body, key)).text, first.text);
  });

  it('after a crash between key and deposit is sought anew, for the folder that was reserved', async () => {
    const [body, key] = [forCommunes(MEAUX.branchCode), randomUUID()];
    // whoever was competent then lived in another partition
    const folder = newId(KIND.folder, (partitionOf(keyOf(MEAUX)) + 1) % PARTITIONS, Date.now());
    await reserve(world.dgs.clientId, key, JSON.stringify(body), folder);
    const answer = await send(world.dgs, body, key);
    assert.equal(answer.status, 201, answer.text);
    assert.equal(answer.json.id, toUuid(folder));
    const [{ id }] = answer.json.cases;
    assert.equal(parts(fromUuid(id) as Id).home, partitionOf(keyOf(MEAUX)));
    assert.ok((await notifications(world.meaux)).some(({ caseId }) => caseId === id));
    assert.equal((await send(world.dgs, body, key)).text, answer.text);
  });

  it('is refused with its place when it is none', async () => {
    const refused = async (change: (case_: Json) => void, code: string, pointer: string): Promise<string> => {
      const answer = await send(
        world.dgs,
        changed(({ cases }) => change(cases[0])),
      );
      const [fault] = isProblem(answer, code === 'form-invalid' ? 400 : 422, code).errors;
      assert.equal(fault.pointer, pointer);
      return fault.detail;
    };
    const named = (competence: Json) => (case_: Json) => {
      delete case_.recipient;
      case_.competence = competence;
    };
    await refused((case_) => delete case_.recipient, 'rules-not-met', '/cases/0');
    await refused((case_) => (case_.competence = { commune: '77284' }), 'rules-not-met', '/cases/0');
    await refused(named({ commune: '77284', date: '2026-02-30' }), 'rules-not-met', '/cases/0/competence/date');
    await refused(named({ commune: '7728' }), 'form-invalid', '/cases/0/competence/commune');
    await refused(named({ commune: '77284', date: 'hier' }), 'form-invalid', '/cases/0/competence/date');
    assert.match(await refused(named({ commune: '01001' }), 'rules-not-met', '/cases/0/competence'), /administrateur/);
  });
});

/** What a process does before it crashes: reserves a folder under a key. */
async function reserve(client: string, key: string, body: string, folder: Id): Promise<void> {
  const redis = connect(world.redisUrl, () => undefined);
  const acceptor = new Acceptor(new Calls(redis), Number.MAX_SAFE_INTEGER, () => undefined);
  const hash = keyHash(client, key);
  const command: Command = { kind: 'key.reserve', at: Date.now(), keys: [{ hash, digest: digestOf(body), folder }] };
  await acceptor.accept(homeOfKey(hash), encodeMessage({ command }));
  await disconnect(redis);
}
