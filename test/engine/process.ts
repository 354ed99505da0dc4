import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** An engine in a process of its own. */
export interface EngineProcess {
  events: string[];
  /** Resolves with the first event, past or to come, that begins so. @throws Error when the process ends before */
  event(beginning: string): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** Settles when the process has ended. */
  ended: Promise<void>;
}

/** Starts one and waits until it holds its partitions. @throws Error when it ends before */
export async function startProcess(url: string, member: string): Promise<EngineProcess> {
  const engine = launch(url, member);
  await engine.event('ready');
  return engine;
}

export function launch(url: string, member: string): EngineProcess {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, 'child.ts'), url, member], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: string[] = [];
  const waiting = new Set<() => void>();
  const look = (): void => {
    for (const one of waiting) one();
  };
  let over = false;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      over = true;
      look();
      resolve();
    });
  });
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    events.push(line);
    look();
  });
  return {
    events,
    ended,
    signal: (name) => child.kill(name),
    event: (beginning) =>
      new Promise((resolve, reject) => {
        const seen = (): void => {
          const found = events.find((event) => event.startsWith(beginning));
          if (found === undefined && !over) return;
          waiting.delete(seen);
          if (found === undefined) reject(new Error(`${member} ended before « ${beginning} »`));
          else resolve(found);
        };
        waiting.add(seen);
        seen();
      }),
  };
}
