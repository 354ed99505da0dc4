import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { FIRST_FORMAT, FORMATS } from '#engine/domain/format.ts';
import { Build, finalise, forgetLibraries, running, SILENCE_MS } from '#engine/redis/builds.ts';
import { Calls } from '#engine/redis/calls.ts';
import { loadFunctions } from '#engine/redis/connect.ts';
import { formatOf, UnfitFormat } from '#engine/redis/format.ts';
import { describe } from '#engine/redis/guard.ts';
import { CONTROL } from '#engine/redis/keys.ts';
import { LIBRARY, LIBRARY_VERSION, librarySource } from '#engine/redis/library.ts';
import { VERSION } from '#engine/version.ts';
import { openServer, type Server } from '../lua/server.ts';

/** Which builds run on a hub, and what all of them write. */
const MASTER_KEY = Buffer.alloc(32, 7);
const NEXT = FORMATS.max + 1;
let server: Server;
let calls: Calls;

before(async () => {
  server = await openServer();
  calls = new Calls(server.redis);
});
after(() => server.close());
beforeEach(async () => {
  await server.redis.flushall();
  await loadFunctions(server.redis);
});

const meta = () => server.redis.hgetall(CONTROL.meta);
const newer = (ago = 0) => entry('newer', NEXT, ago);
const entry = async (name: string, max: number, ago: number) =>
  server.redis.hset(CONTROL.builds, name, `${(await server.now()) - ago} ${max} ${JSON.stringify({ version: name })}`);

test('a hub begins in the last format of who makes it; one from before formats is in the first', async () => {
  await describe(server.redis, MASTER_KEY);
  assert.equal((await meta())['format'], String(FORMATS.max));
  await server.redis.hdel(CONTROL.meta, 'format');
  await describe(server.redis, MASTER_KEY);
  assert.equal(formatOf(await meta()), FIRST_FORMAT);
});

test('a build says what it is for as long as it runs', async () => {
  const build = new Build(calls, 'engine', 'e1');
  await build.join();
  assert.equal(build.format, FIRST_FORMAT);
  const { format, parts } = await running(calls);
  assert.equal(format, FIRST_FORMAT);
  assert.deepEqual(
    parts.map(({ version, library, formats, part, member, pid }) => ({ version, library, formats, part, member, pid })),
    [{ version: VERSION, library: LIBRARY, formats: FORMATS, part: 'engine', member: 'e1', pid: process.pid }],
  );
  await build.leave();
  assert.deepEqual((await running(calls)).parts, []);
});

test('the format is raised when nobody runs who does not read it, and never lowered', async () => {
  await describe(server.redis, MASTER_KEY);
  const build = new Build(calls, 'api');
  await build.join();
  await newer();
  const behind = await finalise(calls, NEXT);
  assert.deepEqual(
    behind.map(({ version }) => version),
    [VERSION],
  );
  assert.equal(formatOf(await meta()), FORMATS.max);
  await build.leave();
  assert.deepEqual(await finalise(calls, NEXT), []);
  assert.equal(formatOf(await meta()), NEXT);
  assert.deepEqual(await finalise(calls, FORMATS.max), []);
  assert.equal(formatOf(await meta()), NEXT);
});

test('who was killed stands in the way for its silence only, and is forgotten by who comes next', async () => {
  await entry('dead', FORMATS.max, SILENCE_MS - 2_000);
  assert.equal((await finalise(calls, NEXT)).length, 1);
  await entry('dead', FORMATS.max, SILENCE_MS + 1_000);
  const build = new Build(calls, 'api');
  await build.join();
  assert.deepEqual(Object.values(await server.redis.hgetall(CONTROL.builds)).length, 1);
  await build.leave();
  assert.deepEqual(await finalise(calls, NEXT), []);
});

test('a hub that was finalised is refused by who does not read it: at the start, at a beat, and where functions are gone', async () => {
  await describe(server.redis, MASTER_KEY);
  let told: Error | undefined;
  const asleep = new Build(calls, 'engine', 'e1', (error) => {
    told = error;
  });
  await asleep.join();
  const heard = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (told === undefined) return;
      clearInterval(timer);
      resolve();
    }, 20);
  });
  await server.redis.hset(CONTROL.meta, 'format', NEXT);
  await assert.rejects(describe(server.redis, MASTER_KEY), (error: Error) => {
    assert.equal(error.name, 'UnfitFormat');
    assert.match(
      error.message,
      new RegExp(
        `finalised to format ${NEXT}, this version reads .*${FORMATS.max}: start a version that reads it, or restore`,
      ),
    );
    return true;
  });
  await assert.rejects(new Build(calls, 'api').join(), UnfitFormat);
  assert.deepEqual(await forgetLibraries(server.redis, new Set()), [LIBRARY]);
  // It would load them again, on a server that only lost them.
  await assert.rejects(calls.call('beat', [CONTROL.members], ['e1', 1_000]), UnfitFormat);
  await heard;
  assert.ok(told instanceof UnfitFormat);
});

test('functions of two versions stand side by side; those that nobody uses are removed', async () => {
  const other = librarySource().replaceAll(LIBRARY_VERSION, 'other00000');
  await server.redis.function('LOAD', 'REPLACE', other);
  await loadFunctions(server.redis);
  const names = async () =>
    ((await server.redis.function('LIST')) as string[][]).map(([, name]) => name as string).sort();
  assert.deepEqual(await names(), [LIBRARY, 'relais_other00000'].sort());
  assert.deepEqual(await forgetLibraries(server.redis, new Set([LIBRARY])), ['relais_other00000']);
  assert.deepEqual(await names(), [LIBRARY]);
  assert.deepEqual(await calls.call('beat', [CONTROL.members], ['e1', 1_000]), ['e1']);
});
