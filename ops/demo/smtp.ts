import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Mail {
  from: string;
  to: string[];
  subject: string;
  text: string;
}

/** E-mails kept to be shown. */
const kept = 5;

/** Bytes of one e-mail read before the rest is dropped: the hub's are short. */
const headBytes = 16_384;

/** The hub's mailer keeps a connection open for the next e-mail: at the end it is not waited for. Milliseconds. */
const closeMs = 300;

/** A real SMTP server on loopback that accepts everything, counts it and keeps the last few; nothing is forwarded. */
export class Mailbox {
  readonly last: Mail[] = [];
  count = 0;
  readonly #server: SMTPServer;

  constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      closeTimeout: closeMs,
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      logger: false,
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        let size = 0;
        stream.on('data', (chunk: Buffer) => {
          if (size < headBytes) chunks.push(chunk);
          size += chunk.length;
        });
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const whole = Buffer.concat(chunks).toString('utf8');
          this.#keep({
            from: mailFrom ? mailFrom.address : '',
            to: rcptTo.map((one) => one.address),
            subject: subjectOf(whole),
            text: textOf(whole),
          });
          done();
        });
      },
    });
    // A client that hangs up in the middle is its own affair.
    this.#server.on('error', () => {});
  }

  /** Listens on a free port of loopback; the URL is for `HUB_SMTP_URL`. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `smtp://127.0.0.1:${(this.#server.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #keep(mail: Mail): void {
    this.count++;
    this.last.push(mail);
    if (this.last.length > kept) this.last.shift();
  }
}

// What is under the head, as its one part is coded (RFC 2045).
function textOf(whole: string): string {
  const start = /\r?\n\r?\n/.exec(whole);
  if (start === null) return '';
  const head = whole.slice(0, start.index);
  const body = whole.slice(start.index + start[0].length);
  const coding = /^content-transfer-encoding:[ \t]*(\S+)/im.exec(head)?.[1]?.toLowerCase();
  if (coding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  return coding === 'quoted-printable' ? quoted(body.replace(/=\r?\n/g, ''), '_') : body;
}

// The subject header, unfolded (RFC 5322, 2.2.3), its encoded words decoded (RFC 2047).
function subjectOf(text: string): string {
  const head = text.slice(0, text.search(/\r?\n\r?\n/)).replace(/\r?\n[ \t]+/g, ' ');
  const subject = /^subject:[ \t]*(.*)$/im.exec(head)?.[1] ?? '';
  return subject
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, coding: string, word: string) =>
      coding.toLowerCase() === 'b' ? Buffer.from(word, 'base64').toString('utf8') : quoted(word),
    );
}

function quoted(word: string, underscore = ' '): string {
  const bytes = word
    .replaceAll('_', underscore)
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
