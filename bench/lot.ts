import { connect } from 'node:net';

/** Batches of folders: connections to POST /relais/v1/folders:batch, each with a window of lines unanswered. */

/** One line to send. */
export interface Line {
  key: string;
  /** NDJSON, without its end */
  text: string;
  /** what its latency counts from, ms of `performance.now()` */
  due: number;
  town: number;
}

/** What a lot asks for and tells. */
export interface Lot {
  url: string;
  /** the sender's */
  token: string;
  connections: number;
  /** lines of one connection that are not answered, at most */
  window: number;
  /** `later`: none is due yet; undefined: there are no more */
  next(): Line | 'later' | undefined;
  delivered(line: Line, caseId: string, now: number): void;
  /** what was answered instead */
  refused(text: string): void;
}

interface Answer {
  idempotencyKey: string;
  status: number;
  cases: [{ id: string }];
}

/** Lines written at once. */
const GROUP = 50;
const HEX = 16;
/** A connection without a line that is due looks again. ms */
const LOOK_MS = 2;
const SHOWN = 300;

/** Resolves when every line was answered. */
export async function pour(lot: Lot): Promise<void> {
  await Promise.all(Array.from({ length: lot.connections }, () => pourOne(lot)));
}

function pourOne(lot: Lot): Promise<void> {
  return new Promise((resolve, reject) => {
    const { hostname, port, host } = new URL(lot.url);
    const sent = new Map<string, Line>();
    const socket = connect(Number(port), hostname);
    let [rest, ended] = ['', false];
    let timer: NodeJS.Timeout | undefined;
    socket.setEncoding('utf8');
    socket.setNoDelay(true);

    const group = (): string => {
      let text = '';
      for (let n = 0; n < GROUP && sent.size < lot.window; n += 1) {
        const line = lot.next();
        if (line === 'later') {
          timer ??= setTimeout(() => {
            timer = undefined;
            fill();
          }, LOOK_MS);
          return text;
        }
        ended = line === undefined;
        if (line === undefined) return text;
        sent.set(line.key, line);
        text += `${line.text}\n`;
      }
      return text;
    };
    const fill = (): void => {
      if (ended) return;
      while (!ended && sent.size + GROUP <= lot.window) {
        const text = group();
        if (text !== '') socket.write(`${Buffer.byteLength(text).toString(HEX)}\r\n${text}\r\n`);
        if (timer !== undefined) return;
      }
      if (!ended) return;
      socket.write('0\r\n\r\n');
      if (sent.size === 0) socket.destroy();
    };
    const take = (text: string): void => {
      const answer = JSON.parse(text) as Answer;
      const line = sent.get(answer.idempotencyKey);
      sent.delete(answer.idempotencyKey);
      if (answer.status !== 201 || line === undefined) lot.refused(text.slice(0, SHOWN));
      else lot.delivered(line, answer.cases[0].id, performance.now());
    };

    socket.on('connect', () => {
      socket.write(
        `POST /relais/v1/folders:batch HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${lot.token}\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n`,
      );
      fill();
    });
    socket.on('data', (chunk: string) => {
      // Lines of an answer begin with a brace, the chunks' sizes and the head do not.
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() as string;
      for (const line of lines) if (line.startsWith('{')) take(line);
      if (ended && sent.size === 0) socket.destroy();
      else fill();
    });
    socket.on('error', reject);
    socket.on('close', () =>
      sent.size === 0 ? resolve() : reject(new Error(`closed with ${sent.size} lines unanswered; last said: ${rest}`)),
    );
  });
}
