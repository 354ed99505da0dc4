import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail server on loopback that keeps the addresses it was given. */
export interface Mails {
  url: string;
  /** recipients, in order of arrival */
  received: string[];
  /** messages as they came, in the same order */
  texts: string[];
  /** Resolves when that many have come in all. @throws Error after five seconds */
  count(wanted: number): Promise<void>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 5_000;

export async function startMails(): Promise<Mails> {
  const received: string[] = [];
  const texts: string[] = [];
  const waiting = new Set<() => void>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => {
        text += chunk;
      });
      stream.on('end', () => {
        texts.push(...session.envelope.rcptTo.map(() => text));
        received.push(...session.envelope.rcptTo.map(({ address }) => address));
        for (const look of waiting) look();
        done();
      });
    },
  });
  // A product that is killed leaves its connections half open.
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    texts,
    count: (wanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${received.length} e-mails came, not ${wanted}`));
        }, PATIENCE_MS);
        const look = () => {
          if (received.length < wanted) return;
          waiting.delete(look);
          clearTimeout(timer);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
