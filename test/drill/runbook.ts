import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectFolder } from '#ops/place.ts';
import { supervisionBinary } from '#ops/supervision/binaries.ts';

/** The commands of a runbook that a drill runs: its blocks « sh drill ». */
const BLOCK = /^```sh drill\n([\s\S]*?)^```/gm;
/** A minute is what an operator waits; as much again where drills share the machine with builds. ms */
const PATIENCE_MS = 120_000;
const SHOWN = 400;

export interface Ran {
  /** the block's commands */
  text: string;
  /** absent: it did not end in time */
  code?: number;
  output: string;
}

/** The blocks of an alert's page, in their order. @throws when there is no page */
export function blocksOf(alert: string): string[] {
  const path = join(projectFolder, 'ops/runbooks', `${alert}.md`);
  if (!existsSync(path)) throw new Error(`no runbook ${path}`);
  return [...readFileSync(path, 'utf8').matchAll(BLOCK)].map(([, text]) => (text as string).trim());
}

/** Runs one block as an operator would: in the project's folder, each line only after the one before succeeded. */
export async function runBlock(text: string, env: NodeJS.ProcessEnv, patienceMs = PATIENCE_MS): Promise<Ran> {
  // promtool and amtool too, wherever they lie.
  const tools = (['promtool', 'amtool'] as const).map((name) => dirname(supervisionBinary(name)));
  const child = spawn('bash', ['-euo', 'pipefail', '-c', text], {
    cwd: projectFolder,
    env: { ...env, PATH: [process.env['PATH'], ...tools].join(':') },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: what bash started holds the pipes, and must end with it.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      output = (output + bytes.toString()).slice(-SHOWN);
    });
  const late = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), patienceMs);
  const code = await new Promise<number | undefined>((resolve) => {
    child.once('close', (ended) => resolve(ended ?? undefined));
    child.once('error', () => resolve(undefined));
  });
  clearTimeout(late);
  return { text, ...(code !== undefined && { code }), output };
}
