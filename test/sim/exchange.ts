import assert from 'node:assert/strict';
import { type Caller, MOVED } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { derive, type Id, KIND, notificationParts, parts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { CaseStatus } from '#engine/domain/records/case.ts';
import { caseName, recipientName } from '#engine/domain/records/names.ts';
import type { Book } from './book.ts';
import { ADMIN, osl, PURGE, si, uploadOf } from './cast.ts';
import { type Desk, saysNoCase } from './desk.ts';
import type { Random } from './random.ts';
import type { Deposit } from './sender.ts';

type Case = Deposit['cases'][number];

/** What happens to one case once it is deposited: both sides' software, in turn. */
export class Exchange {
  readonly #desk: Desk;
  readonly #book: Book;
  readonly #random: Random;
  readonly #deposit: Deposit;
  readonly #case: Case;

  constructor(desk: Desk, book: Book, random: Random, deposit: Deposit, case_: Case) {
    this.#desk = desk;
    this.#book = book;
    this.#random = random;
    this.#deposit = deposit;
    this.#case = case_;
  }

  async run(): Promise<void> {
    const { id, recipient } = this.#case;
    const random = this.#random;
    await this.#see(recipient, null);
    if (random.chance(0.6)) await this.#remove(recipient, null);
    if (random.chance(0.6)) await this.#patch('SI_RECEIVED');
    if (random.chance(0.6)) await this.#answer();
    if (random.chance(0.3)) await this.#sendFiles();
    if (random.chance(0.4)) await this.#patch('CLOSED');
    if (random.chance(0.2)) {
      const attachments = [derive(this.#deposit.folder, KIND.attachment, this.#deposit.home, 0)];
      await this.#desk.ask(parts(id).home, { kind: 'case.purged', case: id, caller: ADMIN, attachments });
    }
  }

  /** What was answered is seen by whoever asks next: the notification is there, unless its list moved. */
  async #see(org: OrgKey, event: Id | null): Promise<void> {
    if (this.#loose(org)) return;
    const list = await this.#desk.notifications(org, this.#deposit.process);
    if (this.#loose(org)) return;
    const found = list.filter((one) => one.case === this.#case.id && one.event === event);
    assert.ok(
      found.length > 0,
      `${org} is not told of ${event ?? 'its new case'} of ${this.#case.id}, which was answered`,
    );
  }

  /** Its list moved, or waits for an administrator: a repeated request does not wait for either. */
  #loose(org: OrgKey): boolean {
    return this.#book.migrated.has(org) || this.#book.waits.has(recipientName(org));
  }

  /** DELETE notification, wherever it went. */
  async #remove(org: OrgKey, event: Id | null): Promise<void> {
    const list = await this.#desk.notifications(org, this.#deposit.process);
    const found = list.find((one) => one.case === this.#case.id && one.event === event);
    if (found === undefined) return;
    const { id } = this.#case;
    this.#book.deleting(id, event);
    for (let at = notificationParts(found.id).home; ; ) {
      const answer = await this.#desk.ask(at, { kind: 'mailbox.delete', notification: found.id, caller: ADMIN });
      if (answer.status !== MOVED) {
        if (answer.status === 204) this.#book.deleted(id, event);
        return;
      }
      at = (answer.body as { partition: number }).partition;
    }
  }

  async #patch(status: CaseStatus): Promise<void> {
    const { id, home } = this.#case;
    const state = await this.#desk.read(home, caseName(id));
    const caller = this.#random.chance(0.5) ? ADMIN : si(state?.recipient ?? '', this.#deposit.process);
    const command: CommandOf<'case.patch'> = { kind: 'case.patch', case: id, caller, status, purge: PURGE };
    this.#book.perhapsStatus(id, status);
    const { status: answered } = await this.#desk.ask(home, command);
    if (answered === 204) this.#book.patched(id, status);
  }

  /** An event of the recipient, which the sender acknowledges. */
  async #answer(): Promise<void> {
    const { sender } = this.#deposit;
    const event = await this.#event(ADMIN, 'IN_PROGRESS', false);
    if (event === undefined) return;
    await this.#see(sender, event);
    if (this.#random.chance(0.5)) await this.#remove(sender, event);
    if (this.#random.chance(0.5)) {
      const { id, home } = this.#case;
      const caller = this.#random.chance(0.5) ? osl(sender) : ADMIN;
      await this.#desk.ask(home, {
        kind: 'case.event.patch',
        case: id,
        event,
        caller,
        status: 'RECEIVED',
        mail: null,
        purge: PURGE,
      });
    }
  }

  /** Files of the recipient: an event in progress, an upload, then it is sent. */
  async #sendFiles(): Promise<void> {
    const { id, home } = this.#case;
    const event = await this.#event(ADMIN, 'DONE', true);
    if (event === undefined) return;
    const upload = uploadOf(`e${event}`);
    const sent = await this.#desk.ask(home, {
      kind: 'case.event.upload',
      case: id,
      event,
      index: 0,
      caller: ADMIN,
      upload,
    });
    if (sent.status !== 204) return;
    this.#book.perhapsStatus(id, 'DONE');
    const command = {
      kind: 'case.event.patch',
      case: id,
      event,
      caller: ADMIN,
      status: 'SENT',
      mail: null,
      purge: PURGE,
    } as const;
    const { status } = await this.#desk.ask(home, command);
    if (status !== 204) return;
    this.#book.patched(id, 'DONE');
    this.#book.tells(id, event);
    await this.#see(this.#deposit.sender, event);
  }

  /** @returns undefined when the case takes no events any more */
  async #event(caller: Caller, status: CaseStatus, files: boolean): Promise<Id | undefined> {
    const { id, home } = this.#case;
    const event = this.#desk.event(home);
    if (!files) this.#book.perhapsStatus(id, status);
    const { status: answered } = await this.#desk.ask(home, eventCommand(id, event, caller, status, files));
    if (answered !== 201) return undefined;
    this.#book.event(id, home, event);
    if (!files) {
      this.#book.patched(id, status);
      this.#book.tells(id, event);
    }
    return event;
  }
}

export function eventCommand(
  id: Id,
  event: Id,
  caller: Caller,
  status: CaseStatus | null,
  files: boolean,
): CommandOf<'case.event'> {
  return {
    kind: 'case.event',
    case: id,
    caller,
    mail: null,
    purge: PURGE,
    event: {
      id: event,
      side: caller.scope === 'OSL' ? 'OSL' : 'SI',
      actionType: files ? 'ATTACH_DEPOSIT' : 'STATUS_UPDATE',
      notification: true,
      message: null,
      comment: null,
      author: null,
      caseCurrentStatus: null,
      caseNewStatus: status,
      partnerAttributes: null,
      attachments: files ? [{ fileName: 'réponse.pdf', type: 'any', size: 10, mimeType: 'application/pdf' }] : [],
      partnerInfo: null,
    },
  };
}

/** An event before the folder is completed: the case gets its record first. */
export async function early(desk: Desk, book: Book, { cases, folder, home }: Deposit, caller: Caller): Promise<void> {
  const [first] = cases;
  if (first === undefined) return;
  const event = desk.event(first.home);
  const command = eventCommand(first.id, event, caller, null, false);
  let answer = await desk.ask(first.home, command);
  if (saysNoCase(answer)) {
    const opened = await desk.ask(home, { kind: 'folder.open', case: first.id, caller });
    assert.equal(opened.status, 204, `folder.open of ${folder}`);
    answer = await desk.ask(first.home, command);
  }
  assert.equal(answer.status, 201, 'an event before the completion');
  book.event(first.id, first.home, event);
  book.tells(first.id, event);
}
