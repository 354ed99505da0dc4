import { folderAttachmentId } from '#api/answers/attachment.ts';
import { identityAnswer } from '#api/answers/identity.ts';
import { isLate } from '#api/blobs/sweep.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import { Problem, type ProblemCode } from '#api/server/problems.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { KeyAnswer, Upload } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { derive, type Id, KIND, newId, parts, toUuid } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { folderName } from '#engine/domain/records/names.ts';
import type { Asked } from './body.ts';
import { Keys } from './keys.ts';
import { type Depositor, type Plan, planOf } from './plan.ts';
import { isByCompetence, named, taken } from './recipients.ts';
import type { NewDeposit } from './schema.ts';
import { Files } from './stored.ts';

/** A deposit that is delivered. */
export interface Outcome {
  folder: Id;
  /** an earlier request of the same key had deposited it */
  replayed: boolean;
  /** organisations it went to, in the order of its cases */
  recipients: readonly OrgKey[];
}

/** Files on disk; `began`, ms since 1970: before the first of them was, or was taken over. */
interface Stored {
  uploads: readonly (Upload | null)[];
  began: number;
}

/** `recipients`: undefined where only the folder can say. */
type Done = Omit<Outcome, 'recipients'> & { recipients?: readonly OrgKey[] | undefined };

/** What the decision that makes a folder answers; one that finds it made answers otherwise, if it has a single case. */
const MADE = 204;

/** Refusals that a deposit already made does not have to fear: the rules may have changed since. */
const OF_RULES: ReadonlySet<ProblemCode> = new Set(['rules-not-met', 'file-unusable', 'too-large']);

/**
 * Deposits in one call. The key is reserved with the folder's id before the folder is deposited, and the deposit is
 * idempotent by that id: a crash between the two leaves neither a key whose folder never comes, since whoever repeats
 * the request deposits it, nor two folders.
 */
export class Deposits {
  readonly #hub: Hub;
  readonly #keys: Keys;
  readonly #files: Files;

  constructor({ hub, intake, blobs }: Pick<ApiDeps, 'hub' | 'intake' | 'blobs'>) {
    this.#hub = hub;
    this.#keys = new Keys(hub);
    this.#files = new Files(hub, intake, blobs);
  }

  /** Delivered and on disk when it resolves. @throws Problem, HttpError, DomainError */
  async deposit(asked: Asked, depositor: Depositor, key: string): Promise<Outcome> {
    const hash = this.#keys.enter(depositor.client, key);
    let done: Done;
    try {
      done = await this.#perform(asked, depositor, hash);
    } finally {
      this.#keys.leave(hash);
    }
    const { deposit } = asked;
    if (!isByCompetence(deposit)) return { ...done, recipients: named(deposit) };
    // Another process may have deposited the same folder first, and have found another organisation competent.
    return { ...done, recipients: done.recipients ?? (await taken(this.#hub, done.folder)) };
  }

  /** The files go to disk while the key is reserved: one wait instead of two. */
  async #perform(asked: Asked, depositor: Depositor, hash: string): Promise<Done> {
    let plan: Plan;
    try {
      const planned = planOf(this.#hub, asked, depositor);
      plan = planned instanceof Promise ? await planned : planned;
    } catch (error) {
      return this.#deposited(hash, asked.digest, error);
    }
    const folder = newId(KIND.folder, plan.home, this.#hub.now());
    const reserved = this.#keys.reserve({ hash, digest: asked.digest, folder });
    const began = Date.now();
    const [key, stored] = await Promise.allSettled([reserved, this.#files.store(plan, folder)]);
    const uploads = stored.status === 'fulfilled' ? stored.value : [];
    if (key.status === 'rejected' || key.value !== null) await this.#files.discard(uploads);
    if (key.status === 'rejected') throw key.reason;
    if (key.value !== null) return this.#again(plan, key.value);
    if (stored.status === 'rejected') throw stored.reason;
    const status = await this.#send(plan, folder, { uploads, began }, false);
    const { cases } = plan.command;
    const sure = status === MADE && cases.length === 1;
    return { folder, replayed: false, recipients: sure ? cases.map(({ recipient }) => recipient) : undefined };
  }

  /** Of a key that was reserved before. Bytes must be stored under the ids of the folder they are for. */
  async #again(plan: Plan, [folder, same]: NonNullable<KeyAnswer>): Promise<Done> {
    if (same === 0) throw new Problem('idempotency-key-reused');
    const [record] = await this.#hub.read(parts(folder).home, [folderName(folder)]);
    const began = Date.now();
    if (record === undefined)
      await this.#send(plan, folder, { uploads: await this.#files.store(plan, folder), began }, true);
    else await this.#ask(plan, folder, this.#files.held(plan), true);
    return { folder, replayed: record !== undefined };
  }

  async #send(plan: Plan, folder: Id, { uploads, began }: Stored, repeated: boolean): Promise<number> {
    try {
      const found = this.#files.attachments(plan, folder, uploads);
      const attachments = found instanceof Promise ? await found : found;
      // A process frozen in between: the bytes may have been swept (decision record 003).
      if (isLate(began)) throw new Problem('busy');
      return await this.#ask(plan, folder, attachments, repeated);
    } catch (error) {
      // when nobody knows whether it was taken, the bytes stay: a commit that comes late needs them
      if (isSure(error)) await this.#files.discard(uploads);
      throw error;
    }
  }

  async #ask(
    { command }: Plan,
    folder: Id,
    attachments: CommandOf<'folder.deposit'>['attachments'],
    repeated: boolean,
  ): Promise<number> {
    const deposit = { kind: 'folder.deposit', folder, ...command, attachments, repeated } as const;
    const answer = await this.#hub.ask(parts(folder).home, deposit);
    if (answer.status === 410) throw new Problem('folder-gone');
    if (answer.status >= 400) throw refused(answer);
    return answer.status;
  }

  /** What was deposited under a key is answered again, whatever the rules say now. @throws the refusal, else */
  async #deposited(hash: string, digest: string, refusal: unknown): Promise<Done> {
    if (!(refusal instanceof Problem) || !OF_RULES.has(refusal.code)) throw refusal;
    const known = await this.#keys.reserve({ hash, digest, folder: null });
    if (known === null || known[1] === 0) throw refusal;
    const [folder] = known;
    const [record] = await this.#hub.read(parts(folder).home, [folderName(folder)]);
    if (record === undefined) throw refusal;
    if (record.status === 'HUBEE_COMPLETED') throw new Problem('busy');
    return { folder, replayed: true };
  }
}

/** Nothing of the command was done, nor will be: a dead letter (500) may yet be replayed. */
function isSure(error: unknown): boolean {
  const { status = 500 } = error as { status?: number };
  return status < 500;
}

/** The answer: only what the folder and the request say, so that a repeated one is answered the same. */
export function depositedAnswer({ folder, recipients }: Outcome, { cases, attachments }: NewDeposit) {
  return {
    id: toUuid(folder),
    cases: cases.map(({ externalId }, index) => {
      const org = recipients[index] as OrgKey;
      const id = derive(folder, KIND.case, partitionOf(org), index);
      return { id: toUuid(id), externalId, recipient: identityAnswer(org) };
    }),
    attachments: attachments.map(({ fileName }, index) => ({
      id: toUuid(folderAttachmentId(folder, index)),
      fileName,
    })),
  };
}
