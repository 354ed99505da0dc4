import type { ApiDeps } from '#api/server/deps.ts';
import { ClientGone } from '#api/server/inlet.ts';
import { problemOf } from '#api/server/problem.ts';
import { Problem, problemBody } from '#api/server/problems.ts';
import type { Request } from '#api/server/types.ts';
import { digestOf } from '#engine/domain/records/key.ts';
import { NO_PARTS } from './body.ts';
import { countDone, countRefused } from './counted.ts';
import { type Deposits, depositedAnswer } from './deposits.ts';
import { formed, readJson } from './form.ts';
import type { Depositor } from './plan.ts';
import { KEY_LENGTH, NewDepositLine } from './schema.ts';
import { LINE_BYTES, type Line, Splitter, type Unread } from './splitter.ts';

/** Lines of one connection under way, or answered and not yet read by the client. */
const LINES_UNDER_WAY = 512;
/** Bytes of such lines, one line excepted. */
const BYTES_UNDER_WAY = 4 * 1024 * 1024;

const UNREAD: Readonly<Record<Unread, () => Problem>> = {
  'too-long': () => new Problem('too-large', `Une ligne a ${LINE_BYTES} octets au plus.`),
  'not-utf8': () => new Problem('form-invalid', 'La ligne n’est pas en UTF-8.'),
};

/**
 * One batch: lines in, answers out, each when its folder is delivered and on disk, in whatever order that happens. Lines
 * are read only as far as there is room for them, so neither a fast sender nor one that does not read its answers
 * makes the batch larger than its bounds.
 */
export class Batch {
  readonly #deps: Pick<ApiDeps, 'hub' | 'log' | 'counts'>;
  readonly #deposits: Deposits;
  readonly #request: Request;
  readonly #depositor: Depositor;
  readonly #splitter = new Splitter();
  #answers: string[] = [];
  #underWay = 0;
  #bytes = 0;
  #ended = false;
  /** resolves what waits for an answer, or for room */
  #wake: (() => void) | undefined;
  #room: (() => void) | undefined;

  constructor(
    deps: Pick<ApiDeps, 'hub' | 'log' | 'counts'>,
    deposits: Deposits,
    request: Request,
    depositor: Depositor,
  ) {
    this.#deps = deps;
    this.#deposits = deposits;
    this.#request = request;
    this.#depositor = depositor;
  }

  /** Never throws but when the client is gone: what goes wrong is a line of its own. */
  async *answers(): AsyncGenerator<string> {
    void this.#read();
    for (;;) {
      if (this.#answers.length > 0) {
        const text = this.#answers.join('');
        this.#answers = [];
        this.#free();
        yield text;
      } else if (this.#ended && this.#underWay === 0) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  async #read(): Promise<void> {
    try {
      for await (const chunk of this.#request.chunks()) {
        const lines = this.#splitter.push(chunk);
        if (lines.length > 0) await this.#begin(lines);
      }
      await this.#begin(this.#splitter.rest());
    } catch (error) {
      if (!(error instanceof ClientGone)) this.#refuse(this.#splitter.number + 1, null, error);
    }
    this.#ended = true;
    this.#stir();
  }

  /** Lines that came together are judged by the referential of this moment. @throws Problem token-invalid */
  async #begin(lines: readonly Line[]): Promise<void> {
    const { referential } = this.#deps.hub;
    await referential.fresh();
    const client = referential.client(this.#depositor.client);
    if (client !== undefined && client.revoked !== null) throw new Problem('token-invalid');
    for (const line of lines) {
      const bytes = 'text' in line ? line.text.length : 0;
      while (!this.#hasRoom(bytes)) {
        await new Promise<void>((resolve) => {
          this.#room = resolve;
        });
        if (this.#request.aborted) throw new ClientGone();
      }
      this.#underWay += 1;
      this.#bytes += bytes;
      this.#deps.counts.native.lines.inc();
      void this.#answer(line, bytes);
    }
  }

  #hasRoom(bytes: number): boolean {
    if (this.#underWay + this.#answers.length >= LINES_UNDER_WAY) return false;
    return this.#underWay === 0 || this.#bytes + bytes <= BYTES_UNDER_WAY;
  }

  async #answer(line: Line, bytes: number): Promise<void> {
    const { counts } = this.#deps;
    let key: string | null = null;
    try {
      if ('unread' in line) throw UNREAD[line.unread]();
      const value = readJson(this.#request, line.text);
      key = keyIn(value);
      const deposit = formed(NewDepositLine, value, line.text.length);
      const asked = { deposit, parts: NO_PARTS, digest: digestOf(line.text) };
      const outcome = await this.#deposits.deposit(asked, this.#depositor, deposit.idempotencyKey);
      const answer = { line: line.number, idempotencyKey: key, status: 201, ...depositedAnswer(outcome, deposit) };
      this.#answers.push(`${JSON.stringify(answer)}\n`);
      countDone(counts, 'batch', outcome.replayed);
    } catch (error) {
      countRefused(counts, 'batch', error);
      this.#refuse(line.number, key, error);
    }
    this.#underWay -= 1;
    counts.native.lines.dec();
    this.#bytes -= bytes;
    this.#stir();
  }

  #refuse(line: number, idempotencyKey: string | null, error: unknown): void {
    const problem = problemOf(error);
    if (problem === undefined) this.#deps.log.error({ id: this.#request.id, err: error }, 'http.fault');
    const told = problemBody(problem ?? new Problem('internal'));
    this.#answers.push(`${JSON.stringify({ line, idempotencyKey, status: told.status, problem: told })}\n`);
  }

  #stir(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
    this.#free();
  }

  #free(): void {
    const room = this.#room;
    this.#room = undefined;
    room?.();
  }
}

/** The key a line bears, if it can be told, so that its sender knows which line was refused. @throws Problem */
function keyIn(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const key = Object.hasOwn(value, 'idempotencyKey') ? (value as Record<string, unknown>)['idempotencyKey'] : undefined;
  if (key === undefined) throw new Problem('idempotency-key-missing');
  return typeof key === 'string' ? key.slice(0, KEY_LENGTH) : null;
}
