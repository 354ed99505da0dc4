import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { COURIER } from '#engine/domain/records/names.ts';
import { HERE, TOWN } from '#test/domain/samples.ts';
import { Receiver } from './receiver.ts';
import { type Site, startSite } from './site.ts';

const EVENTS = 40;
/** Deliveries before the process that makes them is killed, in the midst of the next one. */
const BEFORE = 10;

interface Child {
  name: string;
  process: ChildProcess;
}

async function startChild({ redisUrl, key }: Site): Promise<Child> {
  const args = [join(import.meta.dirname, 'child.ts'), redisUrl, key.toString('hex')];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [name] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
  return { name, process: child };
}

describe('processes that deliver', () => {
  let site: Site;
  let receiver: Receiver;
  let children: Child[] = [];
  before(async () => {
    site = await startSite();
    receiver = await Receiver.start();
    children = await Promise.all([startChild(site), startChild(site)]);
  });
  after(async () => {
    for (const child of children) child.process.kill('SIGKILL');
    await receiver.stop();
    await site.stop();
  });
  const holder = async (): Promise<string | undefined> => (await site.hub.read(HERE, [COURIER]))[0]?.courier;

  test('one is killed in the midst of a call: another takes over, and nothing is lost or out of order', async () => {
    let stuck = false;
    receiver.answer = (_, response) => {
      stuck = receiver.got.length === BEFORE + 1;
      if (!stuck) response.writeHead(200).end();
    };
    await site.register(TOWN, receiver.url);
    for (let n = 0; n < EVENTS; n += 1) await site.tell(TOWN);
    await receiver.until(() => stuck);
    const killed = await holder();
    const child = children.find(({ name }) => name === killed);
    assert.ok(child, 'one of the two holds the partition');
    receiver.answer = (_, response) => response.writeHead(200).end();
    child.process.kill('SIGKILL');
    await once(child.process, 'exit');
    await receiver.until(() => new Set(receiver.positions).size === EVENTS && receiver.positions.at(-1) === EVENTS);
    const firsts = [...new Set(receiver.positions)];
    assert.deepEqual(
      firsts,
      Array.from({ length: EVENTS }, (_, n) => n + 1),
    );
    assert.equal(receiver.most, 1);
    // What was sent twice is what had not been reported, and bears the same id.
    assert.ok(receiver.positions.length - EVENTS <= BEFORE + 1, `${receiver.positions.length} calls`);
    const ids = new Set(receiver.got.map(({ headers }) => headers['webhook-id']));
    assert.equal(ids.size, EVENTS);
    assert.notEqual(await holder(), killed);
  });
});
