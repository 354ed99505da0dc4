import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { KIND } from '#engine/domain/ids.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { decodeFeedEntry, encodeFeedEntry } from '#engine/domain/records/codec.ts';
import type { FeedEntry } from '#engine/domain/records/feed.ts';
import { further, isSampled, parentId, traceId, traceIn } from '#engine/domain/trace.ts';
import { DGS, keyOf, MEAUX, ORLY } from '#test/contract/country.ts';
import { startHub, type World } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';
import { testId } from '#test/domain/world.ts';
import { deposit } from '#test/native/calls.ts';
import { Line } from '#test/push/line.ts';
import { Fixture } from '#test/transport/fixture.ts';
import { once } from '#test/transport/raw.ts';
import { Receiver } from '#test/webhooks/receiver.ts';
import { Collector, type Received } from './collector.ts';

const V1 = '/relais/v1';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const HEADER = `00-${TRACE}-${PARENT}-01`;

describe('a trace context', () => {
  it('is taken as the recommendation writes it, and nothing else is', () => {
    assert.equal(traceIn(HEADER), HEADER);
    assert.deepEqual([traceId(HEADER), parentId(HEADER), isSampled(HEADER)], [TRACE, PARENT, true]);
    assert.equal(isSampled(`00-${TRACE}-${PARENT}-00`), false);
    assert.equal(further(HEADER, '1'.repeat(16)), `00-${TRACE}-${'1'.repeat(16)}-01`);
    // A later version is read as far as this one goes.
    assert.equal(traceIn(`01-${TRACE}-${PARENT}-01-more`), HEADER);
    for (const wrong of [
      '',
      `00-${TRACE.toUpperCase()}-${PARENT}-01`,
      `00-${'0'.repeat(32)}-${PARENT}-01`,
      `00-${TRACE}-${'0'.repeat(16)}-01`,
      `ff-${TRACE}-${PARENT}-01`,
      `${HEADER}-more`,
      `${HEADER},${HEADER}`,
      TRACE,
    ])
      assert.equal(traceIn(wrong), undefined, wrong);
  });

  it('goes with an entry of a feed, and who does not look for it reads the entry', () => {
    const entry: FeedEntry = {
      ...({ sequence: 71, ms: 1_700_000_000_000, type: 'deposited', box: 4_242, status: null, event: null } as const),
      case: testId(KIND.case, 3, 1_700_000_000_000),
    };
    const [plain, with_] = [encodeFeedEntry(entry), encodeFeedEntry({ ...entry, trace: HEADER })];
    assert.deepEqual(decodeFeedEntry('q', plain), entry);
    assert.deepEqual(decodeFeedEntry('q', with_), { ...entry, trace: HEADER });
    // As the version before reads it: parts between dots, the box by its leading digits of base 36.
    const box = with_.split('.')[3] as string;
    assert.equal(Number.parseInt(box, 36), entry.box);
    assert.equal(with_.split('.').length, plain.split('.').length);
  });
});

describe('a log', () => {
  it('names the trace of a request that met a fault, and nothing else of it', async () => {
    const handler = () => {
      throw new Error('of the inside');
    };
    const fixture = await Fixture.start([{ method: 'GET', path: '/x', scopes: 'public', summary: 'x', handler }]);
    await once(fixture.port, 'GET /x', { traceparent: HEADER, tracestate: 'partner=camille' });
    await once(fixture.port, 'GET /x', { traceparent: 'camille' });
    await fixture.server.close();
    const told = (msg: string): unknown[] =>
      fixture.lines.filter((line) => line['msg'] === msg).map(({ trace }) => trace);
    assert.deepEqual(told('http.fault'), [TRACE, undefined]);
    assert.deepEqual(told('http.request'), [TRACE, undefined]);
    assert.doesNotMatch(JSON.stringify(fixture.lines), /camille/);
  });
});

describe('a request', () => {
  let world: World;
  let collector: Collector;
  let receiver: Receiver;
  before(async () => {
    [collector, receiver] = await Promise.all([Collector.start(), Receiver.start()]);
    world = await startHub({
      HUB_WEBHOOK_PRIVATE: 'yes',
      HUB_OTLP_ENDPOINT: collector.url,
      HUB_OTLP_PERCENT: '0',
    });
  });
  after(async () => {
    await world.stop();
    await receiver.stop();
    await collector.stop();
  });

  const sent = (trace: string, to = [ORLY]): Promise<Json> =>
    world.dgs.call('POST', `${V1}/folders`, {
      json: deposit({ to }),
      headers: { 'Idempotency-Key': randomUUID(), traceparent: trace },
    });
  const newTrace = (): string => randomBytes(16).toString('hex');
  /** The one span of that name, once its thread has sent it. */
  const named = async (trace: string, name: string): Promise<Received> => {
    await collector.until(() => collector.of(trace).some((span) => span.name === name));
    const found = collector.of(trace).filter((span) => span.name === name);
    assert.equal(found.length, 1, name);
    return found[0] as Received;
  };
  const feedOf = async (partner: World['orly'], after: number): Promise<Json[]> =>
    JSON.parse((await partner.get(`${V1}/feed?after=${after}&limit=250`)).text);

  it('is followed through the stream to the commit in each partition, the feed, the push and the webhook', async () => {
    const hook = (await world.orly.post(`${V1}/webhooks`, { url: receiver.url })).json;
    const line = await Line.open(world.url, world.orly.token, { consumer: 'suivi' });
    const trace = newTrace();
    assert.equal((await sent(`00-${trace}-${PARENT}-01`, [MEAUX, ORLY])).status, 201);
    await receiver.until(() => receiver.got.some(({ headers }) => headers['traceparent']?.includes(trace)));
    await line.until(() => line.events.some(({ traceparent }) => traceparent?.includes(trace)));
    assert.notEqual(partitionOf(keyOf(MEAUX)), partitionOf(keyOf(ORLY)));
    const server = await named(trace, `POST ${V1}/folders`);
    assert.equal(server.parentSpanId, PARENT);
    const decided = await named(trace, 'decide folder.deposit');
    assert.equal(decided.parentSpanId, server.spanId);
    const delivered = await named(trace, 'decide case.deliver');
    assert.equal(delivered.parentSpanId, decided.spanId, 'in the partition of the other recipient');
    const called = await named(trace, 'POST webhook');
    assert.equal(receiver.got.at(-1)?.headers['traceparent'], `00-${trace}-${called.spanId}-01`);
    // What a reader is told names the commit that told it.
    const [event] = (await feedOf(world.orly, 0)).filter(({ traceparent }) => traceparent?.includes(trace));
    assert.equal(event.traceparent, `00-${trace}-${called.parentSpanId}-01`);
    assert.ok([decided.spanId, delivered.spanId].includes(called.parentSpanId ?? ''));
    assert.equal(receiver.got.at(-1)?.event.traceparent, event.traceparent);
    const spans = collector.of(trace);
    for (const { startTimeUnixNano, endTimeUnixNano } of spans)
      assert.ok(BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano));
    const said = JSON.stringify(spans.map(({ name, attributes }) => [name, attributes]));
    assert.doesNotMatch(said, /\d{5}|-[0-9a-f]{4}-|SI-|OSL-/, 'whom and what it is about is nobody’s business');
    const [first] = collector.asked;
    assert.deepEqual([first?.path, first?.type], ['/v1/traces', 'application/json']);
    assert.equal(first?.resource['service.name'], 'relais');
    await line.close();
    await world.orly.remove(`${V1}/webhooks/${hook.id}`);
  });

  it('is followed by the contract’s calls too, to the sender’s answer', async () => {
    const trace = newTrace();
    const made = (await sent(`00-${newTrace()}-${PARENT}-01`)).json;
    const body = { actionType: 'STATUS_UPDATE', notification: true, caseNewStatus: 'IN_PROGRESS', message: 'x' };
    const answer = await world.orly.call('POST', `/teledossiers/v1/cases/${made.cases[0].id}/events`, {
      json: body,
      headers: { traceparent: `00-${trace}-${PARENT}-01` },
    });
    assert.equal(answer.status, 201);
    const decided = await named(trace, 'decide case.event');
    const apart = partitionOf(keyOf(DGS)) !== partitionOf(keyOf(ORLY));
    const told = apart ? await named(trace, 'decide mailbox.notify') : decided;
    const event = (await feedOf(world.dgs, 0)).find(({ traceparent }) => traceparent?.includes(trace));
    assert.equal(event?.traceparent, `00-${trace}-${told.spanId}-01`);
  });

  it('whose sender wants no record goes by as it came', async () => {
    const trace = newTrace();
    const header = `00-${trace}-${PARENT}-00`;
    assert.equal((await sent(header)).status, 201);
    const event = (await feedOf(world.orly, 0)).find(({ traceparent }) => traceparent?.includes(trace));
    assert.equal(event?.traceparent, header);
    const last = newTrace();
    await sent(`00-${last}-${PARENT}-01`);
    await collector.until(() => collector.of(last).some(({ kind }) => kind === 2));
    assert.deepEqual(collector.of(trace), []);
  });

  it('waits for a collector that is away, and what one refuses is dropped and counted', async () => {
    const figure = async (outcome: string): Promise<number> => {
      const text = (await world.admin.get('/metrics')).text.split('\n');
      const lines = text.filter((one) => one.startsWith('relais_trace_spans_total') && one.includes(`"${outcome}"`));
      return lines.reduce((sum, one) => sum + Number(one.split(' ').at(-1)), 0);
    };
    const [kept, lost] = [newTrace(), newTrace()];
    collector.status = 503;
    const before = collector.asked.length;
    await sent(`00-${kept}-${PARENT}-01`);
    await collector.until(() => collector.asked.length > before);
    assert.equal(await figure('dropped'), 0);
    collector.status = 200;
    await collector.until(() => collector.of(kept).some(({ kind }) => kind === 2));
    collector.status = 400;
    await sent(`00-${lost}-${PARENT}-01`);
    while ((await figure('dropped')) === 0);
    collector.status = 200;
    assert.ok((await figure('exported')) > 0);
  });
});
