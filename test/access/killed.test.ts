import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSecretKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { verify } from '#api/access/verify.ts';

const scratch = mkdtempSync(join(tmpdir(), 'access-killed-'));
after(() => rmSync(scratch, { recursive: true }));

const WRITER = join(import.meta.dirname, 'writer.ts');

/** Kills a process that writes. @returns what it said was on disk */
async function killed(afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [WRITER, scratch], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const begun = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      resolve();
    });
  });
  const gone = new Promise((resolve) => child.on('close', resolve));
  await begun;
  await delay(afterMs);
  child.kill('SIGKILL');
  await gone;
  return said.split('\n').slice(0, -1);
}

test('what was answered is there after kill -9, five times, and the chain holds', async () => {
  const told: string[] = [];
  for (let n = 0; n < 5; n += 1) told.push(...(await killed(50 + n * 37)));
  assert.ok(told.length > 100, `${told.length}`);
  const names = readdirSync(scratch).filter((name) => name.endsWith('.ndjson'));
  const text = names.map((name) => readFileSync(join(scratch, name), 'utf8')).join('');
  const there = new Set([...text.matchAll(/"request":"([^"]+)"/g)].map(([, request]) => request));
  assert.deepEqual(
    told.filter((request) => !there.has(request)),
    [],
  );
  const { damages, entries } = await verify(scratch, createSecretKey(Buffer.alloc(32, 7)), Date.now());
  assert.deepEqual(damages, []);
  assert.equal(entries, there.size);
  // the same member's file each time: the lock ended with its process
  assert.ok(names.every((name) => name.endsWith('-1.ndjson')));
});
