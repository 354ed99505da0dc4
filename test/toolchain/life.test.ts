import { deepEqual, equal, match, throws } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { portOption, WrongOption } from '#ops/life.ts';

const life = new URL('../../ops/life.ts', import.meta.url).href;

const onceIn = new URL('../../ops/once.ts', import.meta.url).href;

/** Runs `code` with the module in a process of its own; `onReady` is called at its first output. */
async function run(code: string, onReady: (kill: (signal: NodeJS.Signals) => void) => void = () => undefined) {
  const source = `import { live, NotDone, options, optionsAndWords, portOption } from ${JSON.stringify(life)};
    import { once } from ${JSON.stringify(onceIn)}; ${code}`;
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

describe('once', () => {
  it('gives the number of what it ran as exit code', async () => {
    for (const code of [0, 1])
      deepEqual(await run(`await once(async () => ${code})`), { status: code, out: '', err: '' });
  });

  it('says in one line what explains itself, with 2 for wrong words and variables and 1 for the rest', async () => {
    const named = (name: string) => `Object.assign(new Error('do this'), { name: '${name}' })`;
    const ends: [string, number, RegExp][] = [
      [`throw new NotDone('do this')`, 1, /^hub: do this\n$/],
      [`throw ${named('NoHub')}`, 1, /^hub: do this\n$/],
      [`throw ${named('ConfigError')}`, 2, /^hub: do this\n$/],
      [`(await import('node:fs')).readFileSync('/nothing/here')`, 1, /^hub: ENOENT: .*'\/nothing\/here'\n$/],
      [
        `process.argv.push('word', '--dta=x'); optionsAndWords(['data'])`,
        2,
        /^hub: Unknown option '--dta'\. There is: --data=…\n$/,
      ],
      [`process.argv.push('--data'); options(['data'])`, 2, /^hub: .*--data.*There is: --data=…\n$/],
      [`process.argv.push('word'); options(['data'])`, 2, /^hub: .*'word'.*There is: --data=…\n$/],
      [`throw new TypeError('a fault of ours')`, 1, /^hub: TypeError: a fault of ours\n +at /],
    ];
    for (const [code, status, said] of ends) {
      const ended = await run(`await once(async () => { ${code}; return 0; })`);
      equal(ended.status, status, code);
      match(ended.err, said);
    }
  });

  it('takes words where a command has some', async () => {
    const code = `process.argv.push('release', '--data=x', '7');
      await once(async () => { console.log(JSON.stringify(optionsAndWords(['data']))); return 0; })`;
    equal((await run(code)).out, '{"given":{"data":"x"},"words":["release","7"]}\n');
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
