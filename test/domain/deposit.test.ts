import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Command } from '#engine/domain/commands.ts';
import { EVENT_CHARS, MAX_EVENT_CHUNKS } from '#engine/domain/deciders/case/events.ts';
import { caseName, eventChunkName } from '#engine/domain/records/names.ts';
import { deposit, event, HERE, osl, patchCase, patchEvent, si } from './samples.ts';
import { remove, type Scene, scene, told, uploadTo } from './scene.ts';

describe('DELETE event and PUT its attachment', () => {
  it('are for the author while the deposit is in progress', () => {
    const { world, case_ } = scene();
    const command = deposit(case_, si());
    world.ask(HERE, command);
    assert.equal(world.ask(HERE, uploadTo(command, osl)).status, 403);
    assert.equal(world.ask(HERE, remove(command, osl)).status, 403);
    assert.equal(world.ask(HERE, uploadTo(command, si())).status, 204);
    assert.deepEqual(world.ask(HERE, { ...uploadTo(command, si()), index: 1 }), {
      status: 404,
      body: { message: 'Binary meta-data is not found' },
    });
    assert.equal(world.ask(HERE, remove(command, si())).status, 204);
    assert.deepEqual(world.jobs, [{ kind: 'unlink', body: { blobs: ['e0'] } }]);
    assert.equal(world.ask(HERE, remove(command, si())).status, 404);
    assert.deepEqual(told(world), [0, 0]);
  });

  it('are refused once it is SENT, and for any other event', () => {
    const { world, case_ } = scene();
    const command = deposit(case_, si());
    world.ask(HERE, command);
    world.ask(HERE, uploadTo(command, si()));
    world.ask(HERE, patchEvent(command, 'SENT', si()));
    assert.equal(world.ask(HERE, uploadTo(command, si())).status, 400);
    assert.equal(world.ask(HERE, remove(command, si())).status, 400);
    const status = event(case_, si());
    world.ask(HERE, status);
    assert.equal(world.ask(HERE, remove(status, si())).status, 400);
  });
});

describe('many events', () => {
  const long = (case_: Scene['case_']) => event(case_, si(), { message: 'x'.repeat(1000), comment: 'y'.repeat(1000) });

  it('leave the record for chunks, in order, and can still be acknowledged and found', () => {
    const { world, case_ } = scene();
    const commands = Array.from({ length: 40 }, () => long(case_));
    for (const command of commands) world.ask(HERE, command);
    const state = world.get(HERE, caseName(case_.id));
    const chunks = Array.from({ length: state?.eventChunks ?? 0 }, (_, n) =>
      world.get(HERE, eventChunkName(case_.id, n)),
    );
    assert.ok(chunks.length > 1);
    assert.ok((world.place(HERE).records.get(caseName(case_.id))?.length ?? 0) < EVENT_CHARS * 1.2);
    assert.deepEqual(
      [...chunks.flatMap((chunk) => chunk?.events ?? []), ...(state?.events ?? [])].map((one) => one.id),
      commands.map((command) => command.event.id),
    );
    const before = told(world);
    assert.equal(world.ask(HERE, patchEvent(commands[0] as never, 'RECEIVED', osl)).status, 204);
    assert.equal(world.get(HERE, eventChunkName(case_.id, 0))?.events[0]?.status, 'RECEIVED');
    assert.deepEqual(told(world), [before[0] + 1, before[1]]);
  });

  it('are not taken for none when a chunk is not there: nothing is decided without it', () => {
    const { world, case_ } = scene();
    const commands = Array.from({ length: 40 }, () => long(case_));
    for (const command of commands) world.ask(HERE, command);
    const before = world.get(HERE, caseName(case_.id));
    const { records } = world.place(HERE);
    const name = eventChunkName(case_.id, 0);
    const text = records.get(name) as string;
    records.delete(name);
    const purged: Command = { kind: 'case.purged', case: case_.id, caller: si(), attachments: [] };
    for (const command of [patchEvent(commands[0] as never, 'RECEIVED', osl), purged])
      assert.throws(() => world.ask(HERE, command), {
        name: 'CorruptRecord',
        message: new RegExp(`${name} is missing`),
      });
    assert.deepEqual(world.get(HERE, caseName(case_.id)), before);
    assert.equal(world.ask(HERE, patchEvent(commands[39] as never, 'RECEIVED', osl)).status, 204, 'a newer one is');
    records.set(name, text);
    assert.equal(world.ask(HERE, patchEvent(commands[0] as never, 'RECEIVED', osl)).status, 204);
  });

  it('are refused beyond the limit, and the others stay', () => {
    const { world, case_ } = scene();
    const perChunk = Math.ceil(EVENT_CHARS / 2000);
    let answer = world.ask(HERE, long(case_));
    for (let n = 0; n < perChunk * (MAX_EVENT_CHUNKS + 2) && answer.status === 201; n += 1) {
      answer = world.ask(HERE, long(case_));
    }
    assert.equal(answer.status, 413);
    assert.equal(world.get(HERE, caseName(case_.id))?.eventChunks, MAX_EVENT_CHUNKS);
    assert.equal(world.ask(HERE, patchCase(case_.id, 'DONE')).status, 204);
  });
});
