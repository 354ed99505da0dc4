import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { DGS, process as démarche, folder, MEAUX, ORLY, pdf, subscription } from './country.ts';
import { deposit, drain, notifications, startHub, type World } from './hub.ts';
import { assertDone, assertError, assertShape } from './shape.ts';
import { type Called, call, type Json, Partner } from './wire.ts';

/** Contract §§3, 14, 15, 16: what software in the field does, and what an implementation of the schemas alone gets wrong. */

const API = '/teledossiers/v1';

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());
afterEach(() => drain(world.dgs, world.orly, world.orlyCivil, world.meaux));

describe('tokens', () => {
  const basic = (partner: Partner, secret = partner.clientSecret) =>
    `Basic ${Buffer.from(`${partner.clientId}:${secret}`).toString('base64')}`;
  const ask = (path: string, authorization: string, type: string | undefined, body: string) => {
    const headers = { Authorization: authorization, ...(type === undefined ? {} : { 'Content-Type': type }) };
    return call(world.url, 'POST', path, { headers, body });
  };
  const form = 'application/x-www-form-urlencoded';

  test('are given to a form in either order, to JSON, and without a Content-Type, at both addresses', async () => {
    for (const path of ['/oauth2/token', '/token']) {
      for (const [type, body] of [
        [form, 'grant_type=client_credentials&scope=OSL'],
        [form, 'scope=OSL&grant_type=client_credentials'],
        [undefined, 'grant_type=client_credentials&scope=OSL'],
        ['application/json', '{"grant_type":"client_credentials","scope":"OSL"}'],
        ['application/json; charset=utf-8', '{"scope":"OSL","grant_type":"client_credentials"}'],
      ] as const) {
        const answer = await ask(path, basic(world.dgs), type, body);
        assert.equal(answer.status, 200, answer.text);
        assert.deepEqual(Object.keys(answer.json).sort(), ['access_token', 'expires_in', 'scope', 'token_type']);
        assert.equal(answer.json.expires_in, 3600);
        assert.equal(answer.json.scope, 'OSL');
        assert.equal(answer.json.token_type, 'Bearer');
        assert.match(answer.headers['cache-control'] ?? '', /no-store/);
        const got = await call(world.url, 'GET', `${API}/notifications`, { token: answer.json.access_token });
        assert.equal(got.status, 200);
      }
    }
  });

  test('are refused in the form of OAuth2', async () => {
    const good = 'grant_type=client_credentials&scope=OSL';
    const text = (id: string) => `A valid OAuth client could not be found for client_id: ${id}`;
    const wrong = await ask('/token', basic(world.dgs, 'wrong'), form, good);
    assert.equal(wrong.status, 401);
    assert.deepEqual(wrong.json, { error_description: text(world.dgs.clientId), error: 'invalid_client' });
    const stranger = new Partner(world.url, 'OSL', 'nobody', 'nothing');
    assert.deepEqual((await ask('/token', basic(stranger), form, good)).json.error_description, text('nobody'));
    assert.equal((await call(world.url, 'POST', '/token', { body: good })).status, 401);
    for (const [body, error] of [
      ['grant_type=password&scope=OSL', 'unsupported_grant_type'],
      ['grant_type=client_credentials&scope=SI', 'invalid_scope'],
      ['grant_type=client_credentials&scope=ALL', 'invalid_scope'],
      ['grant_type=client_credentials', 'invalid_scope'],
    ] as const) {
      const answer = await ask('/token', basic(world.dgs), form, body);
      assert.equal(answer.status, 400);
      assert.equal(answer.json.error, error);
    }
  });

  test('are refused in that form also for what is no matter of OAuth2', async () => {
    const good = 'grant_type=client_credentials&scope=OSL';
    const authorization = basic(world.dgs);
    const fault = (description: RegExp | string, answer: Called, status: number) => {
      assert.equal(answer.status, status, answer.text);
      assert.deepEqual(Object.keys(answer.json), ['error', 'error_description']);
      assert.equal(answer.json.error, 'invalid_request');
      assert.match(answer.json.error_description, new RegExp(description));
    };
    const named = { Authorization: authorization, 'Content-Type': form, editorName: 'x'.repeat(51) };
    fault(/header.editorName/, await call(world.url, 'POST', '/token', { headers: named, body: good }), 400);
    fault('Method not allowed', await call(world.url, 'GET', '/oauth2/token'), 405);
    fault(/exceeds 8192 bytes/, await ask('/token', authorization, form, good.padEnd(9000, ' ')), 413);
  });

  test('asked for many times a second all stay valid', async () => {
    const { clientId, clientSecret } = world.orly;
    const tokens = await Promise.all(
      Array.from(
        { length: 40 },
        async () => (await new Partner(world.url, 'SI', clientId, clientSecret).login()).token,
      ),
    );
    for (const token of tokens)
      assert.equal((await call(world.url, 'GET', `${API}/notifications`, { token })).status, 200);
  });
});

describe('requests of the field', () => {
  test('GET and DELETE may bear a Content-Type, and any header besides', async () => {
    const made = await deposit(world.dgs, {}, false);
    for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
      const headers = { 'Content-Type': type, Tag: 'x', 'Accept-Encoding': 'gzip' };
      const got = await world.dgs.call('GET', `${API}/folders/${made.id}`, { headers });
      assert.equal(got.status, 200);
      assert.equal(got.phrase, 'OK');
      assert.match(got.headers['content-type'] ?? '', /^application\/json/);
      assert.match(got.headers['x-request-id'] as string, /./);
    }
    assertDone(
      await world.dgs.call('DELETE', `${API}/folders/${made.id}`, { headers: { 'Content-Type': 'application/json' } }),
    );
  });

  test('refusals bear JSON and the standard phrases', async () => {
    for (const [answer, status, phrase] of [
      [await call(world.url, 'GET', `${API}/notifications`), 401, 'Unauthorized'],
      [await world.orly.post(`${API}/folders`, {}), 403, 'Forbidden'],
      [await world.dgs.post(`${API}/folders`, {}), 400, 'Bad Request'],
      [await world.dgs.get(`${API}/folders/018f3c6a-0000-7000-8000-000000000000`), 404, 'Not Found'],
    ] as const) {
      assertError(answer, status, undefined, status === 401 ? 900902 : status);
      assert.equal(answer.phrase, phrase);
    }
  });

  test('names of headers, and ids in capitals, are taken as they come', async () => {
    const made = await deposit(world.dgs, {}, false);
    const path = `${API}/folders/${made.id}`;
    const headers = { 'x-HTTP-method-OVERRIDE': 'PATCH' };
    assertDone(await world.dgs.call('POST', path, { headers, json: { globalStatus: 'HUBEE_COMPLETED' } }));
    assert.equal((await world.dgs.get(`${API}/folders/${made.id.toUpperCase()}`)).json.id, made.id);
  });

  test('names and numbers are echoed byte for byte; the name’s extension is not looked at', async () => {
    const fileName = 'Dossier «été» \u{1F4C4} \\ / " &amp;.xml';
    const externalId = ' n° 1/é ';
    const body = folder({ files: [{ fileName }] });
    const sent = { ...body, externalId, applicant: { firstName: '', lastName: 'O’Neil\n', email: 'a@b.test' } };
    const made = (await world.dgs.post(`${API}/folders`, sent)).json;
    assert.equal(made.attachments[0].fileName, fileName);
    assert.equal(made.externalId, externalId);
    const read = (await world.dgs.get(`${API}/folders/${made.id}`)).json;
    assert.equal(read.attachments[0].fileName, fileName);
    assert.deepEqual(read.applicant, sent.applicant);
  });

  test('a zip named .xml, an odt and a docx are files like others', async () => {
    const types = [
      'application/zip',
      'application/vnd.oasis.opendocument.text',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ];
    await world.admin.post('/referential/v1/processes', démarche('SGR', DGS, { attachmentFormatsEnabled: types }));
    await world.admin.post('/referential/v1/subscriptions', subscription('SGR', ORLY));
    const zip = Buffer.alloc(30);
    zip.set([0x50, 0x4b, 3, 4]);
    const files = types.map((mimeType) => ({ mimeType, fileName: 'SGR.xml', size: 30 }));
    const made = (await world.dgs.post(`${API}/folders`, folder({ processCode: 'SGR', files }))).json;
    for (const { id } of made.attachments) {
      assertDone(await world.dgs.upload(`${API}/folders/${made.id}/attachments/${id}`, zip));
    }
  });

  test('a sender with another’s token reads 403 in JSON and starts again', async () => {
    assertError(await world.dila.post(`${API}/folders`, folder({})), 403, 'Unauthorized user');
    assert.equal((await world.dgs.post(`${API}/folders`, folder({}))).status, 201);
  });
});

describe('events of the field', () => {
  const opened = async (code = 'CERTDC'): Promise<string> => {
    const sender = code === 'CERTDC' ? world.dgs : world.dila;
    const made = await deposit(sender, { processCode: code, to: [ORLY] });
    await drain(world.orly, world.orlyCivil);
    return `${API}/cases/${made.cases[0].id}`;
  };

  test('a message goes with any status, even where messages are not accepted', async () => {
    const path = await opened('EtatCivil');
    const event = {
      actionType: 'STATUS_UPDATE',
      notification: true,
      message: 'Demande traitée',
      caseNewStatus: 'DONE',
    };
    assert.equal((await world.orlyCivil.post(`${path}/events`, event)).status, 201);
    const message = { ...event, actionType: 'SENDING_MESSAGE' };
    assertError(await world.orlyCivil.post(`${path}/events`, message), 400);
    assert.equal((await world.dila.post(`${path}/events`, { ...message, caseNewStatus: null })).status, 201);
    const accepting = await opened();
    assert.equal((await world.orly.post(`${accepting}/events`, message)).status, 201);
  });

  test('an actionType of one’s own is 400 in JSON, and nothing is left of it', async () => {
    const path = await opened();
    assertError(
      await world.orly.post(`${path}/events`, { actionType: 'ADD_AWAITING', notification: true }),
      400,
      /ADD_AWAITING/,
    );
    assert.deepEqual((await world.orly.get(path)).json.events, []);
    assert.deepEqual(await notifications(world.dgs), []);
  });

  test('a stale caseCurrentStatus is stored as sent, an absent one is filled', async () => {
    const path = await opened();
    const event = { actionType: 'STATUS_UPDATE', notification: false };
    const stale = (await world.orly.post(`${path}/events`, { ...event, caseCurrentStatus: 'CLOSED' })).json;
    assert.equal(stale.caseCurrentStatus, 'CLOSED');
    assert.equal((await world.orly.post(`${path}/events`, event)).json.caseCurrentStatus, 'HUBEE_NOTIFIED');
    assert.equal((await world.orly.get(`${path}/events/${stale.id}`)).json.caseCurrentStatus, 'CLOSED');
  });

  test('RECEIVED comes after the case and the folder are CLOSED; CLOSED again still notifies', async () => {
    const made = await deposit(world.dgs, { to: [ORLY, MEAUX] });
    await drain(world.orly, world.meaux);
    const path = `${API}/cases/${made.cases[0].id}`;
    const event = { actionType: 'STATUS_UPDATE', notification: true };
    const done = (await world.orly.post(`${path}/events`, { ...event, caseNewStatus: 'DONE' })).json;
    assertDone(await world.dgs.patch(path, { status: 'CLOSED' }));
    assertDone(await world.dgs.patch(`${API}/folders/${made.id}`, { globalStatus: 'CLOSED' }));
    assert.equal((await world.dgs.post(`${path}/events`, { ...event, caseNewStatus: 'CLOSED' })).status, 201);
    assert.equal((await notifications(world.orly)).length, 1);
    assertDone(await world.dgs.patch(`${path}/events/${done.id}`, { status: 'RECEIVED' }));
    assert.equal((await notifications(world.orly)).length, 2);
    assert.equal((await world.meaux.get(`${API}/cases/${made.cases[1].id}`)).json.status, 'HUBEE_NOTIFIED');
  });

  test('a case that could not be integrated is read, corrected and reopened', async () => {
    const path = await opened();
    const event = { actionType: 'STATUS_UPDATE', notification: true };
    assert.equal((await world.orly.post(`${path}/events`, { ...event, caseNewStatus: 'SI_INTG_ERROR' })).status, 201);
    assert.equal((await notifications(world.dgs)).length, 1);
    assert.equal((await world.orly.get(path)).json.status, 'SI_INTG_ERROR');
    assert.equal((await world.dgs.post(`${path}/events`, { ...event, caseNewStatus: 'HUBEE_NOTIFIED' })).status, 201);
    const [note] = await notifications(world.orly);
    assert.notEqual(note.eventId, null);
    assert.equal((await world.orly.get(path)).json.status, 'HUBEE_NOTIFIED');
  });

  test('a complement is asked for and brought; HUBEE_COMPLETED stays as the sender set it', async () => {
    const path = await opened();
    const event = { actionType: 'STATUS_UPDATE', notification: true };
    assert.equal((await world.orly.post(`${path}/events`, { ...event, caseNewStatus: 'ADD_AWAITING' })).status, 201);
    const attachments = [{ fileName: 'complément.pdf', type: 'autre', size: 40, mimeType: 'application/pdf' }];
    const body = { actionType: 'ATTACH_DEPOSIT', notification: true, caseNewStatus: 'HUBEE_COMPLETED', attachments };
    const made = (await world.dgs.post(`${path}/events`, body)).json;
    const self = `${path}/events/${made.id}`;
    assertDone(await world.dgs.upload(`${self}/attachments/${made.attachments[0].id}`, pdf(40)));
    assertDone(
      await world.dgs.call('POST', self, { json: { status: 'SENT' }, headers: { 'X-HTTP-Method-Override': 'PATCH' } }),
    );
    const seen = (await world.orly.get(path)).json;
    assertShape('Case', seen);
    assert.equal(seen.status, 'HUBEE_COMPLETED');
    assert.equal((await notifications(world.orly)).length, 1);
    assert.deepEqual((await world.orly.get(`${self}/attachments/${made.attachments[0].id}`)).bytes, pdf(40));
  });

  test('a client sends an object back whole: what is read-only is not looked at', async () => {
    const path = await opened();
    const made = (await world.orly.post(`${path}/events`, { actionType: 'COM_ADD', notification: false })).json;
    const again = await world.orly.post(`${path}/events`, { ...made, status: 12, partnerInfo: 'x' });
    assert.equal(again.status, 201, again.text);
    assert.notEqual(again.json.id, made.id);
  });
});

describe('two senders, two démarches', () => {
  test('one sees nothing of the other', async () => {
    const made = await deposit(world.dgs, {});
    const paths = [`${API}/folders/${made.id}`, `${API}/cases/${made.cases[0].id}`];
    for (const path of paths) {
      assertError(await world.dila.get(path), 403, 'Unauthorized user');
      assert.equal((await world.admin.get(path)).status, 200);
    }
    assertError(await world.dila.remove(paths[0] as string), 403, 'Unauthorized user');
    assertError(await world.dila.patch(paths[0] as string, { globalStatus: 'CLOSED' }), 403, 'Unauthorized user');
  });

  test('a suspended recipient keeps its cases, and gets no new one', async () => {
    const made = await deposit(world.dgs, { to: [MEAUX] });
    const id = world.subscriptions.get(`CERTDC|SI-${MEAUX.companyRegister}-${MEAUX.branchCode}`);
    const path = `/referential/v1/subscriptions/${id}`;
    assert.equal((await world.admin.put(path, subscription('CERTDC', MEAUX, { status: 'Suspendu' }))).status, 200);
    assertError(await world.dgs.post(`${API}/folders`, folder({ to: [MEAUX] })), 400, /does not suscribed to CERTDC$/);
    assert.equal((await world.meaux.get(`${API}/cases/${made.cases[0].id}`)).status, 200);
    assertDone(await world.meaux.patch(`${API}/cases/${made.cases[0].id}`, { status: 'DONE' }));
    assert.equal((await world.admin.put(path, subscription('CERTDC', MEAUX, { status: 'Actif' }))).status, 200);
    const again: Json = await world.dgs.post(`${API}/folders`, folder({ to: [MEAUX] }));
    assert.equal(again.status, 201);
  });
});
