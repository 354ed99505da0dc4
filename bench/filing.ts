import { Latencies } from './measure.ts';
import { Patience } from './patience.ts';
import { FILE_BYTES, FIRST, type Town } from './town.ts';
import type { Wire } from './wire.ts';

/** Folders the way the contract has them filed: POST, PUT of the file, PATCH completed, listed by the recipient. */

/** A list is read whole: a town must not gather more than this in a run. */
const LIST = 200;
const SHOWN = 200;
const NUMBER_DIGITS = 13;
const TAIL = '%%EOF\n';

export interface Filed {
  folder: string;
  case: string;
  attachment: string;
  /** what the recipient's list said, as it came */
  listed: Buffer;
}

export class Filing {
  /** what was refused for now is repeated, and counted here */
  readonly patience: Patience;
  readonly steps = { post: new Latencies(), put: new Latencies(), patch: new Latencies(), list: new Latencies() };
  readonly #json: string;
  readonly #bytes: string;
  readonly #file = Buffer.alloc(FILE_BYTES, ' ');
  #number = 0;

  readonly #process: string;

  /** @param token the sender's */
  constructor(token: string, process = FIRST.process, patience = new Patience()) {
    this.patience = patience;
    this.#process = process;
    const bearer = `Authorization: Bearer ${token}\r\n`;
    this.#json = `${bearer}Content-Type: application/json\r\nAccept: application/json\r\neditorName: Banc\r\napplicationName: bench\r\nsoftwareVersion: 1\r\n`;
    this.#bytes = `${bearer}Content-Type: application/octet-stream\r\n`;
    this.#file.write('%PDF-1.4\n% bench\n');
    this.#file.write(TAIL, FILE_BYTES - TAIL.length);
  }

  /** Resolves when the town sees the case in its list; undefined: something was refused. */
  async file(wire: Wire, { identity }: Town, townToken: string): Promise<Filed | undefined> {
    this.#number += 1;
    const externalId = `BANC-BENCH-${String(this.#number).padStart(NUMBER_DIGITS, '0')}`;
    const [caseId, size] = [`${externalId}-01`, FILE_BYTES];
    const described = { fileName: 'demande.pdf', type: 'document', size, mimeType: 'application/pdf' };
    const body = JSON.stringify({
      processCode: this.#process,
      externalId,
      applicant: { firstName: 'Camille', lastName: 'Exemple' },
      cases: [{ externalId: caseId, recipient: identity }],
      attachments: [{ ...described, recipients: [caseId] }],
    });
    const t0 = performance.now();
    const posted = await this.patience.send(wire, 'POST', '/teledossiers/v1/folders', this.#json, body);
    const t1 = performance.now();
    if (posted.status !== 201) return refused('POST', posted.status, posted.body);
    const made = JSON.parse(posted.body.toString()) as {
      id: string;
      cases: [{ id: string }];
      attachments: [{ id: string }];
    };
    const path = `/teledossiers/v1/folders/${made.id}`;
    const [{ id: attachment }] = made.attachments;
    const put = await this.patience.send(wire, 'PUT', `${path}/attachments/${attachment}`, this.#bytes, this.#file);
    const t2 = performance.now();
    if (put.status !== 204) return refused('PUT', put.status, put.body);
    const patched = await this.patience.send(wire, 'PATCH', path, this.#json, '{"globalStatus":"HUBEE_COMPLETED"}');
    const t3 = performance.now();
    if (patched.status !== 204) return refused('PATCH', patched.status, patched.body);
    const mine = `Authorization: Bearer ${townToken}\r\n`;
    const listed = await this.patience.send(wire, 'GET', `/teledossiers/v1/notifications?maxResult=${LIST}`, mine);
    const t4 = performance.now();
    if (listed.status !== 200 || !listed.body.includes(made.cases[0].id))
      return refused('LIST', listed.status, listed.body);
    this.steps.post.add(t1 - t0);
    this.steps.put.add(t2 - t1);
    this.steps.patch.add(t3 - t2);
    this.steps.list.add(t4 - t3);
    return { folder: made.id, case: made.cases[0].id, attachment, listed: listed.body };
  }
}

const DONE = '{"actionType":"STATUS_UPDATE","notification":true,"caseCurrentStatus":"SENT","caseNewStatus":"DONE"}';

/** What the recipient does with a case: takes the file, says it is done, takes the notification off its list. */
export async function treat(wire: Wire, filed: Filed, townToken: string, patience: Patience): Promise<boolean> {
  const mine = `Authorization: Bearer ${townToken}\r\n`;
  const listed = JSON.parse(filed.listed.toString()) as { id: string; caseId: string }[];
  const notification = listed.find(({ caseId }) => caseId === filed.case)?.id;
  const path = `/teledossiers/v1/cases/${filed.case}`;
  const got = await patience.send(wire, 'GET', `${path}/attachments/${filed.attachment}`, mine);
  if (got.status !== 200 || got.body.length !== FILE_BYTES) return refused('FILE', got.status, got.body) ?? false;
  const event = await patience.send(wire, 'POST', `${path}/events`, `${mine}Content-Type: application/json\r\n`, DONE);
  if (event.status !== 201) return refused('EVENT', event.status, event.body) ?? false;
  const off = await patience.send(wire, 'DELETE', `/teledossiers/v1/notifications/${notification}`, mine);
  // A repeated one finds that the first has had its effect.
  return off.status === 204 || (off.again && off.status === 404) || (refused('DELETE', off.status, off.body) ?? false);
}

function refused(step: string, status: number, body: Buffer): undefined {
  console.error(`${step} ${status} ${body.toString().slice(0, SHOWN)}`);
}
