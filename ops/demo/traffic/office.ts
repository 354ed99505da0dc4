import type { Client } from '../client.ts';
import { crowd } from '../crowd.ts';
import { makePdf } from '../payloads/pdf.ts';
import type { Event, Notification } from '../wire.ts';
import type { Filing } from './filing.ts';
import { fetchFiles } from './software.ts';
import type { Tally } from './tally.ts';

/** Notifications read at once by a sender, and how many of them it deals with at a time. */
const pageSize = 200;
const width = 12;

/** A sender's back office: reads the recipients' events, acknowledges them, answers complement requests, closes. */
export class Office {
  readonly #client: Client;
  readonly #filing: Filing;
  readonly #tally: Tally;

  constructor(client: Client, filing: Filing, tally: Tally) {
    this.#client = client;
    this.#filing = filing;
    this.#tally = tally;
  }

  /** Reads one page of notifications and deals with each. True when the page was full: there may be more. */
  async poll(): Promise<boolean> {
    const page = await this.#client.listNotifications(pageSize);
    // Events of one case in the order of reading (contract 16.12), different cases at the same time.
    const byCase = Map.groupBy(page, (one) => one.caseId);
    await crowd(byCase.values(), width, async (group) => {
      for (const notification of group) await this.#take(notification);
    });
    return page.length === pageSize;
  }

  async #take({ id, caseId, eventId, eventStatus }: Notification): Promise<void> {
    if (eventId !== null && eventStatus !== 'RECEIVED') {
      const event = await this.#client.getEvent(caseId, eventId);
      await fetchFiles(this.#client, caseId, eventId, event.attachments);
      await this.#client.patchEvent(caseId, eventId, 'RECEIVED');
      await this.#react(caseId, event);
    }
    await this.#client.deleteNotification(id);
  }

  async #react(caseId: string, event: Event): Promise<void> {
    switch (event.caseNewStatus) {
      case 'SI_RECEIVED':
      case 'IN_PROGRESS':
        this.#tally.acknowledged++;
        return;
      case 'ADD_AWAITING':
        return this.#complete(caseId);
      case 'DONE':
      case 'REFUSED':
        this.#tally.done++;
        return this.#close(caseId);
      default:
        return;
    }
  }

  async #complete(caseId: string): Promise<void> {
    const bytes = makePdf([{ title: 'Complément', lines: [`Justificatif demandé pour le dossier ${caseId}`] }]);
    const event = await this.#client.postEvent(caseId, {
      actionType: 'ATTACH_DEPOSIT',
      notification: true,
      message: 'Justificatif joint par l’usager.',
      caseNewStatus: 'HUBEE_COMPLETED',
      attachments: [
        { fileName: 'complément.pdf', type: 'complement', size: bytes.length, mimeType: 'application/pdf' },
      ],
    });
    await this.#client.putEventFile(caseId, event.id, event.attachments[0]?.id ?? '', bytes);
    await this.#client.patchEvent(caseId, event.id, 'SENT');
    this.#tally.complements++;
  }

  async #close(caseId: string): Promise<void> {
    await this.#client.patchCase(caseId, 'CLOSED');
    const folderId = this.#filing.close(caseId);
    if (folderId !== undefined) await this.#client.patchFolder(folderId, 'CLOSED');
  }
}
