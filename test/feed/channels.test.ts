import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { ORLY } from '#test/contract/country.ts';
import { deposit, notifications, startHub, type World } from '#test/contract/hub.ts';
import type { Json, Partner } from '#test/contract/wire.ts';
import { isProblem } from '#test/native/calls.ts';

/** The feed over HTTP: pages, long polls and server-sent events, all with the same positions. */
const FEED = '/relais/v1/feed';

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

const told = (to: (typeof ORLY)[] = [ORLY]): Promise<Json> => deposit(world.dgs, { to });

async function read(partner: Partner, query: string): Promise<{ events: Json[]; position: number; link: string }> {
  const answer = await partner.get(`${FEED}?${query}`);
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers['content-type'] ?? '', /^application\/cloudevents-batch\+json/);
  return {
    events: answer.json,
    position: Number(answer.headers['relais-position']),
    link: /<([^>]+)>; rel="next"/.exec(answer.headers['link'] as string)?.[1] ?? '',
  };
}

const end = async (partner: Partner): Promise<number> => (await read(partner, 'after=0&limit=250')).position;

/** Lines of an event stream until `enough` of them came; then the client leaves. */
function listen(partner: Partner, headers: Record<string, string>, enough: (text: string) => boolean, query = '') {
  return new Promise<string>((resolve, reject) => {
    const asked = request(`${partner.base}${FEED}/stream?${query}`, {
      headers: { Authorization: `Bearer ${partner.token}`, ...headers },
    });
    asked.on('response', (response) => {
      let text = '';
      assert.equal(response.statusCode, 200);
      assert.match(response.headers['content-type'] ?? '', /^text\/event-stream/);
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        if (!enough(text)) return;
        response.destroy();
        resolve(text);
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('GET feed', () => {
  test('an entry for each case and event, in one order, read by pages that link to the next; nothing is taken off', async () => {
    const from = await end(world.orly);
    const folders = [await told(), await told(), await told()];
    const cases = folders.map(({ cases: [one] }: Json) => one.id);
    const first = await read(world.orly, `after=${from}&limit=2`);
    const second = await world.orly.get(first.link);
    assert.deepEqual(
      [...first.events, ...second.json].map(({ subject }: Json) => subject),
      cases,
    );
    assert.deepEqual(
      (await read(world.orly, `after=${from}`)).events.map(({ sequence }) => Number(sequence)),
      [from + 1, from + 2, from + 3],
    );
    const [event] = first.events;
    assert.deepEqual(
      { ...event, id: '', time: '' },
      {
        specversion: '1.0',
        id: '',
        source: '/relais/v1/organizations/SI-21940054000016-94054'.replace(
          'SI-21940054000016-94054',
          event.source.split('/').at(-1),
        ),
        type: 'fr.relais.case.deposited.v1',
        subject: cases[0],
        time: '',
        datacontenttype: 'application/json',
        sequence: String(from + 1),
        data: { processCode: 'CERTDC', folderId: folders[0].id, caseId: cases[0] },
      },
    );
    const listed = (await notifications(world.orly)).slice(-3);
    assert.deepEqual(
      listed.map(({ id }) => id),
      (await read(world.orly, `after=${from}`)).events.map(({ id }) => id),
    );
    for (const { id } of listed) await world.orly.remove(`/teledossiers/v1/notifications/${id}`);
    assert.equal((await read(world.orly, `after=${from}`)).events.length, 3);
  });

  test('the sender hears of statuses the contract does not notify, and of events', async () => {
    const from = await end(world.dgs);
    const folder = await told();
    const [case_] = folder.cases;
    await world.orly.patch(`/teledossiers/v1/cases/${case_.id}`, { status: 'SI_RECEIVED' });
    await world.orly.post(`/teledossiers/v1/cases/${case_.id}/events`, {
      actionType: 'STATUS_UPDATE',
      notification: false,
      caseNewStatus: 'DONE',
    });
    const { events } = await read(world.dgs, `after=${from}&wait=10`);
    const all =
      events.length === 2 ? events : [...events, ...(await read(world.dgs, `after=${from + 1}&wait=10`)).events];
    assert.deepEqual(
      all.map(({ type, data }) => [type, data.status]),
      [
        ['fr.relais.case.status.v1', 'SI_RECEIVED'],
        ['fr.relais.case.event.v1', 'DONE'],
      ],
    );
  });

  test('a long poll waits for what comes, and for no longer than asked', async () => {
    const from = await end(world.orly);
    const waiting = read(world.orly, `after=${from}&wait=20`);
    const folder = await told();
    const { events } = await waiting;
    assert.deepEqual(
      events.map(({ subject }) => subject),
      [folder.cases[0].id],
    );
    assert.deepEqual((await read(world.orly, `after=${from + 1}&wait=1`)).events, []);
  });

  test('each credential sees its démarche and its organisation only', async () => {
    const from = await end(world.orlyCivil);
    await told();
    assert.deepEqual((await read(world.orlyCivil, `after=${from}`)).events, []);
    assert.deepEqual((await read(world.orlyCivil, `after=${from}&processCode=CERTDC`)).events, []);
    assert.equal((await world.admin.get(FEED)).status, 403);
  });

  test('wrong parameters are refused with what is wrong', async () => {
    for (const query of ['after=-1', 'after=x', 'limit=0', 'wait=-2', 'consumer=a%20b'])
      isProblem(await world.orly.get(`${FEED}?${query}`), 400, 'form-invalid');
    assert.match((await world.orly.get(`${FEED}?after=x`)).json.detail, /^Paramètre after : un nombre entier/);
    const stream = { headers: { 'Last-Event-ID': 'dernier' } };
    isProblem(await world.orly.call('GET', `${FEED}/stream`, stream), 400, 'form-invalid');
  });

  test('nobody waits for a position that was never told: what comes before it would be passed over', async () => {
    const last = await end(world.orly);
    for (const path of [
      `${FEED}?after=${last + 1}`,
      `${FEED}?after=${last + 1}&wait=20`,
      `${FEED}/stream?after=${last + 1}`,
    ]) {
      const answer = await world.orly.get(path);
      isProblem(answer, 409, 'position-ahead');
      assert.equal(answer.headers['relais-last-position'], String(last));
    }
  });

  test('the link asks the same question again, from where the answer ends', async () => {
    const { headers } = await world.orly.get(`${FEED}?after=0&limit=1&wait=3&processCode=CERTDC`);
    assert.equal(headers['link'], `<${FEED}?after=1&limit=1&wait=3&processCode=CERTDC>; rel="next"`);
  });
});

describe('consumers', () => {
  const at = (name: string): string => `${FEED}/consumers/${name}`;

  test('each has its cursor, from which it goes on; others are not touched', async () => {
    await told();
    const last = await end(world.orly);
    assert.deepEqual((await world.orly.put(at('logiciel'), { position: last })).json, { acknowledged: last });
    assert.deepEqual((await read(world.orly, 'consumer=logiciel')).events, []);
    const folder = await told();
    const next = await read(world.orly, 'consumer=logiciel');
    assert.deepEqual(
      next.events.map(({ subject }) => subject),
      [folder.cases[0].id],
    );
    assert.ok((await read(world.orly, 'consumer=archives')).events.length > 1);
    assert.deepEqual((await world.orly.put(at('logiciel'), { position: 1 })).json, { acknowledged: last });
    assert.deepEqual((await world.orly.put(at('logiciel'), { position: 1, seek: true })).json, { acknowledged: 1 });
    const listed = (await world.orly.get(`${FEED}/consumers`)).json;
    assert.deepEqual(
      listed.map(({ consumer, acknowledged, unread }: Json) => [consumer, acknowledged, unread]),
      [['logiciel', 1, last]],
    );
    assert.equal((await world.orly.remove(at('logiciel'))).status, 204);
    isProblem(await world.orly.remove(at('logiciel')), 404, 'consumer-unknown');
  });

  test('nobody acknowledges what was never told', async () => {
    const last = await end(world.orly);
    const answer = await world.orly.put(at('pressé'.replace('é', 'e')), { position: last + 1 });
    isProblem(answer, 409, 'position-ahead');
    const { errors } = isProblem(await world.orly.put(at('x'), { position: 'fin' }), 400, 'form-invalid');
    assert.deepEqual(errors, [{ pointer: '/position', detail: 'doit être un nombre entier' }]);
    isProblem(await world.orly.put(at('a b'), { position: 1 }), 400, 'form-invalid');
  });
});

describe('GET feed/stream', () => {
  test('tells what is there, then what comes, and resumes after the last event seen', async () => {
    const from = await end(world.orly);
    const before_ = await told();
    let later: Promise<Json> | undefined;
    const text = await listen(world.orly, { 'Last-Event-ID': String(from) }, (sofar) => {
      const seen = (sofar.match(/^id: /gm) ?? []).length;
      if (seen === 1) later ??= told();
      return seen === 2;
    });
    const events = [...text.matchAll(/^id: (\d+)\ndata: (.*)$/gm)].map(([, id, data]) => [
      Number(id),
      JSON.parse(data as string),
    ]);
    assert.deepEqual(
      events.map(([id, { sequence, subject }]) => [id, Number(sequence), subject]),
      [
        [from + 1, from + 1, before_.cases[0].id],
        [from + 2, from + 2, (await later)?.cases[0].id],
      ],
    );
    const again = await listen(world.orly, { 'Last-Event-ID': String(from + 1) }, (sofar) => /^data: /m.test(sofar));
    assert.match(again, new RegExp(`^id: ${from + 2}$`, 'm'));
  });
});
