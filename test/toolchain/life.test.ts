import { deepEqual, equal, match, throws } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { portOption, WrongOption } from '#ops/life.ts';

const life = new URL('../../ops/life.ts', import.meta.url).href;

/** Runs `code` with the module in a process of its own; `onReady` is called at its first output. */
async function run(code: string, onReady: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined) {
  const source = `import { live, options, portOption } from ${JSON.stringify(life)}; ${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdout.on('data', (chunk) => {
    if (out === '') onReady((signal) => child.kill(signal));
    out += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, out, err };
}

const running = `setInterval(() => undefined, 1000);`;

describe('live', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`stops what it started on ${signal}, and exits 0`, async () => {
      const code = `${running} await live(async () => { console.log('up'); return { stop: async () => console.log('stopped') }; });`;
      deepEqual(await run(code, (kill) => kill(signal)), { status: 0, out: 'up\nstopped\n', err: '' });
    });
  }

  it('finishes the start before it stops, when the signal comes too early', async () => {
    const code = `${running} await live(async () => {
      const signal = new Promise((seen) => process.on('SIGTERM', seen));
      console.log('starting');
      await signal;
      console.log('started');
      return { stop: async () => console.log('stopped') }; });`;
    const { status, out } = await run(code, (kill) => kill('SIGTERM'));
    deepEqual([status, out], [0, 'starting\nstarted\nstopped\n']);
  });

  it('gives up a stop that lasts at the second signal, with 130', async () => {
    const code = `${running} await live(async () => { console.log('up');
      return { stop: () => { process.kill(process.pid, 'SIGINT'); return new Promise(() => undefined); } }; });`;
    equal((await run(code, (kill) => kill('SIGINT'))).status, 130);
  });

  it('exits 1 when a part cannot start or stop, and says why', async () => {
    const start = await run(`await live(async () => { throw new Error('no such part'); });`);
    equal(start.status, 1);
    match(start.err, /hub: Error: no such part/);
    const code = `${running} await live(async () => { console.log('up'); return { stop: async () => { throw new Error('stuck'); } }; });`;
    const stop = await run(code, (kill) => kill('SIGTERM'));
    equal(stop.status, 1);
    match(stop.err, /stuck/);
  });

  it('exits 2 for a wrong option, in one line that lists the right ones', async () => {
    const { status, err } = await run(
      `process.argv.push('--prot=1'); await live(async () => options(['port'], ['fresh']));`,
    );
    equal(status, 2);
    match(err, /^hub: .*--prot.*There is: --port=… --fresh\n$/);
  });
});

describe('portOption', () => {
  it('takes a port, 0 for a free one, or nothing', () => {
    deepEqual([portOption('8080'), portOption('0'), portOption(undefined)], [8080, 0, undefined]);
  });

  it('refuses what is no port', () => {
    for (const wrong of ['', '-1', '65536', '80a', '1e3', true]) throws(() => portOption(wrong), WrongOption);
  });
});
