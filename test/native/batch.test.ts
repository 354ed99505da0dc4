import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { MEAUX, NOWHERE, ORLY } from '#test/contract/country.ts';
import { drain, notifications, startHub, type World } from '#test/contract/hub.ts';
import { type Json, Partner } from '#test/contract/wire.ts';
import { batch, line, V1 } from './calls.ts';

/** POST /relais/v1/folders:batch: lines in, lines out, once each whatever happens to the connection. */

let world: World;
before(async () => {
  world = await startHub();
});
after(() => world.stop());

/** A batch whose bytes the test sends as it likes, and whose answers it reads as they come. */
class Feed {
  readonly #socket;
  text = '';
  #look: (() => void) | undefined;
  #closed = false;

  constructor(token = world.dgs.token) {
    const { hostname, port } = new URL(world.url);
    this.#socket = connect(Number(port), hostname);
    this.#socket.setEncoding('utf8');
    this.#socket.on('data', (chunk: string) => {
      this.text += chunk;
      this.#look?.();
    });
    this.#socket.on('close', () => {
      this.#closed = true;
      this.#look?.();
    });
    this.#socket.on('error', () => undefined);
    this.#socket.write(
      `POST ${V1}/folders:batch HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${token}\r\n` +
        'Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
  }

  write(text: string): void {
    this.#socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
  }

  end(): void {
    this.#socket.write('0\r\n\r\n');
  }

  cut(): void {
    this.#socket.destroy();
  }

  /** Resolves when the answer so far holds this. */
  async until(part: string): Promise<void> {
    while (!this.text.includes(part)) {
      if (this.#closed) assert.fail(`closed before ${part}: ${this.text}`);
      await new Promise<void>((resolve) => {
        this.#look = resolve;
      });
    }
  }
}

const text = (one: Json): string => `${JSON.stringify(one)}\n`;

describe('a batch', () => {
  it('answers each line by its key: where it is, or why not; the others go on', async () => {
    const good = [line({ to: [ORLY] }), line({ to: [ORLY, MEAUX] })];
    const bad = line({ to: [NOWHERE] });
    const { idempotencyKey: _, ...keyless } = line();
    const answers = await batch(world.dgs, [good[0], bad, '', '{"x":', keyless, '[]', good[1]]);
    assert.equal(answers.size, 6);
    for (const [index, one] of good.entries()) {
      const answer = answers.get(one.idempotencyKey);
      if (index === 1) assert.deepEqual([answer.status, answer.line], [201, 7]);
      for (const { id } of answer.cases ?? []) {
        const told = [...(await notifications(world.orly)), ...(await notifications(world.meaux))];
        assert.equal(told.filter(({ caseId }) => caseId === id).length, 1);
      }
    }
    const twice = { ...line(), idempotencyKey: good[0].idempotencyKey };
    const [again] = (await batch(world.dgs, [twice])).values();
    assert.equal(again.problem.type, `${V1}/problems/idempotency-key-reused`);
    const refused = answers.get(bad.idempotencyKey);
    assert.deepEqual([refused.status, refused.line, refused.problem.type], [422, 2, `${V1}/problems/rules-not-met`]);
    assert.equal(refused.problem.errors[0].pointer, '/cases/0/recipient');
    assert.equal(answers.get(4).problem.type, `${V1}/problems/form-invalid`);
    assert.equal(answers.get(5).problem.type, `${V1}/problems/idempotency-key-missing`);
    assert.equal(answers.get(6).problem.type, `${V1}/problems/form-invalid`);
  });

  it('answers while it is still being sent, and takes lines however they are cut', async () => {
    const feed = new Feed();
    const [first, second] = [line(), line()];
    feed.write(text(first));
    await feed.until(`"${first.idempotencyKey}","status":201`);
    const whole = text(second);
    feed.write(whole.slice(0, 100));
    feed.write(whole.slice(100, -1));
    feed.end();
    await feed.until(`"${second.idempotencyKey}","status":201`);
    await feed.until('0\r\n\r\n');
    assert.match(feed.text, /^HTTP\/1\.1 200 OK\r\n/);
  });

  it('begun again after a broken connection, with the same keys, doubles nothing', async () => {
    await drain(world.orly);
    const lines = Array.from({ length: 300 }, () => line());
    const feed = new Feed();
    feed.write(lines.map(text).join(''));
    await feed.until('"status":201');
    feed.cut();
    let answers = await batch(world.dgs, lines);
    // what the cut connection still had under way is told to wait
    for (let again = lines; again.length > 0; ) {
      again = lines.filter((one) => answers.get(one.idempotencyKey).status === 409);
      if (again.length > 0) answers = new Map([...answers, ...(await batch(world.dgs, again))]);
    }
    const ids = lines.map((one) => answers.get(one.idempotencyKey).cases[0].id);
    const told = (await notifications(world.orly)).map(({ caseId }) => caseId);
    assert.deepEqual([...told].sort(), [...ids].sort());
  });

  it('of a thousand lines is answered whole, with a client that reads as it sends', async () => {
    await drain(world.orly);
    const lines = Array.from({ length: 1000 }, () => line({ files: [{ size: 600 }] }));
    const answers = await batch(world.dgs, lines);
    assert.deepEqual(new Set([...answers.values()].map(({ status }) => status)), new Set([201]));
    assert.equal(answers.size, 1000);
    assert.equal((await notifications(world.orly)).length, 1000);
  });

  it('passes over a line that is too long, and says so', async () => {
    const last = line();
    const answers = await batch(world.dgs, [`{"x":"${'a'.repeat(2_100_000)}"}`, last]);
    assert.equal(answers.get(1).problem.type, `${V1}/problems/too-large`);
    assert.equal(answers.get(last.idempotencyKey).status, 201);
  });

  it('of another type, or of nobody, is a problem; an empty one is empty', async () => {
    const post = (type: string) =>
      world.dgs.call('POST', `${V1}/folders:batch`, { body: '', headers: { 'Content-Type': type } });
    assert.equal((await post('text/csv')).status, 415);
    const empty = await post('application/x-ndjson');
    assert.deepEqual([empty.status, empty.text], [200, '']);
    assert.equal(empty.headers['content-type'], 'application/x-ndjson');
  });

  it('ends when its credentials are revoked', async () => {
    const organization = { type: 'OSL', companyRegister: '13000000000017', branchCode: '00000' };
    const asked = { scope: 'PARTNER', organization, processCodes: ['CERTDC'], rights: ['write'] };
    const { clientId, clientSecret } = (await world.admin.post('/admin/v1/clients', asked)).json;
    const partner = await new Partner(world.url, 'PARTNER', clientId, clientSecret).login();
    const feed = new Feed(partner.token);
    const [first, second] = [line(), line()];
    feed.write(text(first));
    await feed.until(`"${first.idempotencyKey}","status":201`);
    await world.admin.remove(`/admin/v1/clients/${clientId}`);
    feed.write(text(second));
    await feed.until('"status":401');
    assert(!feed.text.includes(second.idempotencyKey));
    feed.cut();
  });
});
