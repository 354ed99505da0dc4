import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver of alerts on loopback: what Alertmanager would have told somebody. */
export interface Told {
  /** name of the receiver in alertmanager.yml */
  receiver: string;
  alert: string;
  status: 'firing' | 'resolved';
  /** ms of the day */
  at: number;
}

export interface Inbox {
  /** base URL: the receiver's name follows */
  url: string;
  readonly told: readonly Told[];
  close(): Promise<void>;
}

interface Message {
  alerts: { status: Told['status']; labels: { alertname: string } }[];
}

export async function openInbox(): Promise<Inbox> {
  const told: Told[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { alerts } = JSON.parse(Buffer.concat(chunks).toString()) as Message;
      const receiver = (request.url ?? '').slice(1);
      for (const { status, labels } of alerts) told.push({ receiver, alert: labels.alertname, status, at: Date.now() });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
