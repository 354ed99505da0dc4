import type { Client } from '../client.ts';
import { Altered } from '../client.ts';
import type { Demarche } from '../france/demarche.ts';
import { makePdf } from '../payloads/pdf.ts';
import { Random } from '../random.ts';
import type { Attachment, Notification } from '../wire.ts';
import type { Desk, Treatment } from './desk.ts';
import type { Tally } from './tally.ts';

/** Notifications asked for at once: the batch of the contract (section 13). */
export const pageSize = 25;

/** Seconds an agent takes over a case. */
const quickest = 20;
const slowest = 240;

/** Parts of the cases that get a complement request, a refusal, or an answer with a file, where the démarche has them. */
const complementPart = 0.06;
const refusalPart = 0.05;
const answerPart = 0.25;

/** How this software works: both ways exist in the field and must come to the same (contract section 9). */
interface Habits {
  /** PATCH of the case besides the event. */
  patchesCase: boolean;
  /** Deletes an event's notification at once, rather than when it next reads it as `RECEIVED`. */
  deletesAtOnce: boolean;
}

/**
 * The software of one subscription, as a town's vendor writes it: reads its notifications, fetches the case and every
 * file, checks the digests, acknowledges by an event, treats after a while.
 */
export class Software {
  readonly key: string;
  readonly #demarche: Demarche;
  readonly #client: () => Promise<Client>;
  readonly #desk: Desk;
  readonly #tally: Tally;
  readonly #habits: Habits;

  /** `client` gives the software's client, asking for credentials the first time. */
  constructor(key: string, demarche: Demarche, client: () => Promise<Client>, desk: Desk, tally: Tally) {
    this.key = key;
    this.#demarche = demarche;
    this.#client = client;
    this.#desk = desk;
    this.#tally = tally;
    const random = new Random(key);
    this.#habits = { patchesCase: random.chance(0.5), deletesAtOnce: random.chance(0.5) };
  }

  /** Reads one page of notifications and deals with each. True when the page was full: there may be more. */
  async poll(): Promise<boolean> {
    const client = await this.#client();
    const page = await client.listNotifications(pageSize);
    for (const notification of page) await this.#take(client, notification);
    return page.length === pageSize;
  }

  /** Brings a case to its end, or asks for a complement. */
  async treat({ caseId, asked }: Treatment): Promise<void> {
    const client = await this.#client();
    const random = new Random(`${caseId}/${asked}`);
    const { refuses, awaits } = this.#demarche.workflow;
    if (awaits && !asked && random.chance(complementPart)) {
      return this.#tell(client, caseId, 'ADD_AWAITING', 'Merci de joindre un justificatif lisible.');
    }
    if (refuses && random.chance(refusalPart)) {
      return this.#tell(client, caseId, 'REFUSED', 'Demande non recevable : dossier de démonstration.');
    }
    const answers = this.#demarche.process.siAttachmentFormatsEnabled.includes('application/pdf');
    if (answers && random.chance(answerPart)) return this.#answer(client, caseId);
    return this.#tell(client, caseId, 'DONE', 'Dossier traité.');
  }

  async #take(client: Client, { id, caseId, eventId, eventStatus }: Notification): Promise<void> {
    if (eventId === null) {
      await this.#receive(client, caseId);
      await client.deleteNotification(id);
      return;
    }
    if (eventStatus !== 'RECEIVED') {
      const event = await client.getEvent(caseId, eventId);
      await fetchFiles(client, caseId, eventId, event.attachments);
      await client.patchEvent(caseId, eventId, 'RECEIVED');
      if (event.actionType === 'ATTACH_DEPOSIT') this.#plan(caseId, true);
      if (!this.#habits.deletesAtOnce) return;
    }
    await client.deleteNotification(id);
  }

  async #receive(client: Client, caseId: string): Promise<void> {
    const received = await client.getCase(caseId);
    try {
      await fetchFiles(client, caseId, undefined, received.attachments);
    } catch (error) {
      if (!(error instanceof Altered)) throw error;
      this.#tally.fail(error);
      return this.#tell(client, caseId, 'SI_INTG_ERROR', 'Fichier altéré.');
    }
    if (this.#habits.patchesCase) await client.patchCase(caseId, 'SENT');
    await this.#tell(client, caseId, this.#demarche.workflow.mid, 'Dossier pris en charge.');
    this.#tally.delivered++;
    this.#plan(caseId, false);
  }

  #plan(caseId: string, asked: boolean): void {
    const seconds = new Random(`${caseId}/due`).between(quickest, slowest);
    this.#desk.add({ key: this.key, caseId, due: Date.now() + seconds * 1000, asked });
  }

  async #tell(client: Client, caseId: string, status: string, message: string): Promise<void> {
    if (this.#habits.patchesCase) await client.patchCase(caseId, status);
    await client.postEvent(caseId, {
      actionType: 'STATUS_UPDATE',
      notification: true,
      message,
      author: 'Logiciel de démonstration',
      caseNewStatus: status,
    });
  }

  async #answer(client: Client, caseId: string): Promise<void> {
    const bytes = makePdf([{ title: this.#demarche.process.name, lines: [`Réponse au dossier ${caseId}`] }]);
    const event = await client.postEvent(caseId, {
      actionType: 'ATTACH_DEPOSIT',
      notification: true,
      message: 'Réponse jointe.',
      author: 'Logiciel de démonstration',
      caseNewStatus: 'DONE',
      attachments: [{ fileName: 'réponse.pdf', type: 'reponse', size: bytes.length, mimeType: 'application/pdf' }],
    });
    await client.putEventFile(caseId, event.id, event.attachments[0]?.id ?? '', bytes);
    await client.patchEvent(caseId, event.id, 'SENT');
  }
}

/** Downloads what is there: a file that was refused at upload is listed too, but has nothing to download (contract 15.16). */
export async function fetchFiles(
  client: Client,
  caseId: string,
  eventId: string | undefined,
  attachments: readonly Attachment[],
): Promise<void> {
  for (const one of attachments) if (one.status === 'RECEIVED') await client.getFile(caseId, eventId, one);
}
