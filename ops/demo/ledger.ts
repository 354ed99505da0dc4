import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Credentials } from './client.ts';

type Row =
  | ['step', string]
  | ['subscription', string, string]
  | ['client', string, string, string, Credentials['scope']];

/** Rows gathered before they are written: a lost one costs a call at the next start, never truth. */
const batch = 64;

/**
 * What the hub granted to the demo, kept in a file that only its owner may read (0600), one JSON row a line, so that a later
 * run asks for nothing again: finished steps, ids of subscriptions, credentials.
 */
export class Ledger {
  readonly #path: string;
  readonly #steps = new Set<string>();
  readonly #subscriptions = new Map<string, string>();
  readonly #clients = new Map<string, Credentials>();
  #file: number;
  #waiting: string[] = [];

  constructor(path: string) {
    this.#path = path;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (existsSync(path)) for (const line of readFileSync(path, 'utf8').split('\n')) this.#read(line);
    this.#file = openSync(path, 'a', 0o600);
    // A line cut short by a crash ends here.
    writeSync(this.#file, '\n');
  }

  isDone(step: string): boolean {
    return this.#steps.has(step);
  }

  finish(step: string): void {
    this.#steps.add(step);
    this.#write(['step', step]);
    this.flush();
  }

  /** Id of a subscription, by démarche and identity. */
  subscription(key: string): string | undefined {
    return this.#subscriptions.get(key);
  }

  anySubscription(): string | undefined {
    return this.#subscriptions.values().next().value;
  }

  addSubscription(key: string, id: string): void {
    this.#subscriptions.set(key, id);
    this.#write(['subscription', key, id]);
  }

  client(name: string): Credentials | undefined {
    return this.#clients.get(name);
  }

  addClient(name: string, client: Credentials): void {
    this.#clients.set(name, client);
    this.#write(['client', name, client.clientId, client.clientSecret, client.scope]);
  }

  /** Forgets everything: the hub does not know it (its data was removed). */
  clear(): void {
    this.#steps.clear();
    this.#subscriptions.clear();
    this.#clients.clear();
    this.#waiting = [];
    closeSync(this.#file);
    rmSync(this.#path);
    this.#file = openSync(this.#path, 'a', 0o600);
  }

  flush(): void {
    if (this.#waiting.length > 0) writeSync(this.#file, this.#waiting.splice(0).join(''));
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }

  #write(row: Row): void {
    this.#waiting.push(`${JSON.stringify(row)}\n`);
    if (this.#waiting.length >= batch) this.flush();
  }

  #read(line: string): void {
    const row = parse(line);
    if (!row) return;
    if (row[0] === 'step') this.#steps.add(row[1]);
    else if (row[0] === 'subscription') this.#subscriptions.set(row[1], row[2]);
    else this.#clients.set(row[1], { clientId: row[2], clientSecret: row[3], scope: row[4] });
  }
}

function parse(line: string): Row | undefined {
  if (line === '') return undefined;
  try {
    return JSON.parse(line) as Row;
  } catch {
    return undefined; // cut short by a crash
  }
}
