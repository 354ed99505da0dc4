import { setTimeout as pause } from 'node:timers/promises';
import { PROCESS } from '#bench/town.ts';
import type { OrganizationId } from '#engine/domain/organization.ts';
import type { Random } from '../sim/random.ts';
import type { Caller } from './caller.ts';
import { acknowledged } from './history.ts';
import { makePdf, sha256 } from './pdf.ts';

/** A sender's flow: deposits to one town, one folder after the other, each with a file of its own. */
const JSON_TYPE = 'application/json';
export const FOLDERS = '/teledossiers/v1/folders';
/** The two cores are shared by the product, Redis and the clients: this load leaves the faults something to hit. ms */
const PAUSE_MS = 25;
/** From this status on, the same request may succeed later. */
const BUSY = 429;

export interface Flow {
  caller: Caller;
  random: Random;
  town: { identity: OrganizationId; number: number };
  /** begins every external id of this flow */
  name: string;
}

async function depositOne({ caller, random, town, name }: Flow, number: number, over: AbortSignal): Promise<void> {
  const who = town.number;
  const bytes = makePdf(random);
  const externalId = `${name}-${String(number).padStart(8, '0')}`;
  const recipients = [`${externalId}-01`];
  const body = JSON.stringify({
    processCode: PROCESS,
    externalId,
    applicant: { firstName: 'Camille', lastName: 'Exemple' },
    cases: [{ externalId: recipients[0], recipient: town.identity }],
    attachments: [
      { fileName: 'demande.pdf', type: 'document', size: bytes.length, mimeType: 'application/pdf', recipients },
    ],
  });
  const posted = await caller.ask(
    { kind: 'deposit', who },
    { method: 'POST', path: FOLDERS, type: JSON_TYPE, body },
    (answer) => idsOf(answer.body),
  );
  // Nobody knows the number of a folder whose answer did not come: the sender deposits it anew.
  if (!acknowledged(posted)) return;
  const ids = idsOf(posted.body);
  const digest = sha256(bytes);
  const path = `${FOLDERS}/${ids.folder}`;
  const upload = { method: 'PUT', path: `${path}/attachments/${ids.file}`, type: 'application/octet-stream' };
  const put = await caller.ask({ kind: 'upload', who, ...ids, digest }, { ...upload, body: bytes });
  if (!acknowledged(put)) return;
  const completion = { method: 'PATCH', path, type: JSON_TYPE, body: '{"globalStatus":"HUBEE_COMPLETED"}' };
  // Asked again until it is answered: the town must be told once all the same.
  for (let answer = { status: 0 }; answer.status === 0 || answer.status >= BUSY; ) {
    answer = await caller.ask({ kind: 'complete', who, ...ids, digest }, completion);
    if (over.aborted) return;
  }
}

/** What an answer to a deposit names, of the contract or native. */
export function idsOf(body: Buffer | string): { folder: string; case: string; file: string } {
  const folder = JSON.parse(body.toString()) as { id: string; cases: { id: string }[]; attachments: { id: string }[] };
  return { folder: folder.id, case: folder.cases[0]?.id as string, file: folder.attachments[0]?.id as string };
}

/** Until `over`. */
export async function depositAll(flow: Flow, over: AbortSignal): Promise<void> {
  for (let number = 1; !over.aborted; number += 1) {
    await depositOne(flow, number, over);
    await pause(PAUSE_MS);
  }
}
