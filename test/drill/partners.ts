import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PROCESS } from '#bench/town.ts';
import type { Country } from '../chaos/country.ts';

/** A sender and towns that call the API as partners do, one call each. */
export interface Answered {
  /** 0: none came */
  status: number;
  body: Record<string, unknown>;
}

const CONTENT = Buffer.from('%PDF-1.4 exercice').toString('base64');
/** Longer than any request of a drill waits in the product. ms */
const PATIENCE_MS = 20_000;
const BUSY = 429;

export class Partners {
  readonly #url: string;
  readonly #country: Country;
  #number = 0;

  constructor(url: string, country: Country) {
    this.#url = url;
    this.#country = country;
  }

  async call(token: string, method: string, path: string, body?: unknown): Promise<Answered> {
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      // Asked for by native deposits, of no account elsewhere.
      'idempotency-key': randomUUID(),
    };
    try {
      const answer = await fetch(this.#url + path, {
        method,
        headers,
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
    } catch {
      return { status: 0, body: {} };
    }
  }

  /** One native deposit with a case for each of these towns. @returns its cases */
  async deposit(...towns: number[]): Promise<Answered & { cases: string[] }> {
    this.#number += 1;
    const key = `EXERCICE-BENCH-${Date.now()}${this.#number}`;
    const answer = await this.call(this.#country.sender, 'POST', '/relais/v1/folders', {
      processCode: PROCESS,
      externalId: key,
      applicant: { firstName: 'Camille', lastName: 'Exemple' },
      cases: towns.map((town, at) => ({
        externalId: `${key}-${at}`,
        recipient: this.#country.towns[town % this.#country.towns.length]?.identity,
      })),
      attachments: [{ fileName: 'demande.pdf', type: 'document', mimeType: 'application/pdf', content: CONTENT }],
    });
    // Refused for its form or its rights, it would be no deposit.
    if (answer.status >= 400 && answer.status < 500 && answer.status !== BUSY)
      throw new Error(`deposit: ${answer.status} ${JSON.stringify(answer.body)}`);
    const cases = (answer.body['cases'] ?? []) as { id: string }[];
    return { ...answer, cases: cases.map(({ id }) => id) };
  }

  /** A folder that its sender does not complete, with one file that is missing. @returns its id and its file's */
  async begin(town: number): Promise<{ folder: string; file: string }> {
    this.#number += 1;
    const key = `EXERCICE-BENCH-${Date.now()}${this.#number}`;
    const answer = await this.call(this.#country.sender, 'POST', '/teledossiers/v1/folders', {
      processCode: PROCESS,
      externalId: key,
      applicant: { firstName: 'Camille', lastName: 'Exemple' },
      cases: [{ externalId: `${key}-0`, recipient: this.#country.towns[town]?.identity }],
      attachments: [
        { fileName: 'demande.pdf', type: 'document', mimeType: 'application/pdf', size: 3, recipients: [`${key}-0`] },
      ],
    });
    if (answer.status !== 201) throw new Error(`folder: ${answer.status} ${JSON.stringify(answer.body)}`);
    const [file] = answer.body['attachments'] as { id: string }[];
    return { folder: String(answer.body['id']), file: file?.id as string };
  }

  async complete({ folder, file }: { folder: string; file: string }): Promise<void> {
    const path = `/teledossiers/v1/folders/${folder}`;
    const headers = { authorization: `Bearer ${this.#country.sender}`, 'content-type': 'application/octet-stream' };
    await fetch(`${this.#url}${path}/attachments/${file}`, { method: 'PUT', headers, body: 'abc' });
    const { status } = await this.call(this.#country.sender, 'PATCH', path, { globalStatus: 'HUBEE_COMPLETED' });
    if (status >= 300) throw new Error(`folder not completed: ${status}`);
  }

  /** A town answers a case with a status. */
  answer(town: number, id: string): Promise<Answered> {
    const token = this.#country.towns[town]?.token ?? '';
    const body = { actionType: 'STATUS_UPDATE', notification: true, caseNewStatus: 'IN_PROGRESS' };
    return this.call(token, 'POST', `/teledossiers/v1/cases/${id}/events`, body);
  }

  /** Again and again until `over`, so many a second at most, none waiting for another; what fails is the drill's own wish. */
  keep(over: AbortSignal, perSecond: number, work: () => Promise<unknown>): void {
    const under = new Set<Promise<unknown>>();
    const go = async (): Promise<void> => {
      while (!over.aborted) {
        if (under.size < 2 * perSecond) {
          const one: Promise<unknown> = work()
            .catch(() => undefined)
            .finally(() => under.delete(one));
          under.add(one);
        }
        await pause(1_000 / perSecond, undefined, { signal: over }).catch(() => undefined);
      }
    };
    void go();
  }
}
