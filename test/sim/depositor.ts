import assert from 'node:assert/strict';
import type { HoldTerms, KeyAnswer } from '#engine/domain/commands/contents.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { derive, type Id, KIND, parts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { partitionOf } from '#engine/domain/placement.ts';
import { digestOf, homeOfKey, keyHash } from '#engine/domain/records/key.ts';
import { osl, PURGE, RECIPIENTS, uploadOf } from './cast.ts';
import { Parcel } from './parcels.ts';
import { isForgotten, type Receipts } from './receipts.ts';
import { PROCESS, SUBSCRIBERS, type Subscriber } from './subscriber.ts';
import type { World } from './world.ts';

const S = 1_000;
/** How long cases are held, ms: some to the end of their time, some not. */
const HOLDS = [20 * S, 3_600 * S, 720 * 3_600 * S];
const DEPOSITS = 3;
const MOST_CASES = 4;
/** Deposits whose file was sent before, and the names these have: some folders want the same one. */
const SENT_BEFORE = 0.4;
const NAMES = 3;

/** What one key stands for. */
interface Request {
  key: string;
  recipients: readonly OrgKey[];
  terms: HoldTerms;
  /** its file, sent before; undefined: it comes with the deposit */
  parcel: Parcel | undefined;
}

type Asked = Omit<CommandOf<'folder.deposit'>, 'folder' | 'repeated' | 'attachments'>;

/**
 * Software of the native API: one call with a key of its own, sent again until it has an answer, and now and then once
 * more. What the API process does with it is done here: the key is reserved, then the deposit made under its folder.
 */
export class Depositor {
  readonly #world: World;
  readonly #receipts: Receipts;
  readonly #subscriber: Subscriber;
  readonly #sender: OrgKey;
  readonly #name: string;

  constructor(world: World, receipts: Receipts, subscriber: Subscriber, sender: OrgKey, name: string) {
    this.#world = world;
    this.#receipts = receipts;
    this.#subscriber = subscriber;
    this.#sender = sender;
    this.#name = name;
  }

  async run(): Promise<void> {
    const { chance } = this.#world;
    for (let n = 0; n < DEPOSITS; n += 1) {
      const key = `${this.#name}-${n}`;
      const count = chance.chance(0.6) ? 1 : 2 + chance.below(MOST_CASES - 1);
      const recipients = Array.from({ length: count }, () => chance.pick(RECIPIENTS.slice(0, MOST_CASES)));
      const parcel = chance.chance(SENT_BEFORE) ? this.#parcel() : undefined;
      await parcel?.send();
      let request: Request = { key, recipients, terms: this.#terms(), parcel };
      let made = this.#receipts.asking(key, recipients);
      let folder = await this.#deposit(request);
      if (folder === undefined) {
        request = { ...request, key: `${key}-own`, parcel: undefined };
        made = this.#receipts.asking(request.key, recipients);
        folder = (await this.#deposit(request)) as Id;
      }
      made(folder);
      if (chance.chance(0.3)) {
        const again = await this.#deposit(request);
        assert.ok(
          again === folder || again === undefined || isForgotten(folder, this.#world.desk.now),
          `${key} was answered ${folder}, then ${again}`,
        );
      }
      if (chance.chance(0.2)) await this.#close(derive(folder, KIND.case, partitionOf(recipients[0] as OrgKey), 0));
    }
  }

  /** @returns the folder it was answered; undefined: refused, for its file is another folder's */
  async #deposit(request: Request): Promise<Id | undefined> {
    const { key, recipients } = request;
    const { desk } = this.#world;
    const home = partitionOf(recipients[0] as OrgKey);
    const hash = keyHash(this.#sender, key);
    for (;;) {
      const fresh = desk.id(KIND.folder, home);
      const keys = [{ hash, digest: digestOf(key), folder: fresh }];
      const reserve = { kind: 'key.reserve', at: Math.floor(desk.now), keys } as const;
      const reserved = await desk.once(homeOfKey(hash), reserve);
      if (reserved === undefined) continue;
      const [known] = (reserved.body as { keys: [KeyAnswer] }).keys;
      assert.notEqual(known?.[1], 0, `${key} was reserved for something else`);
      const folder = known?.[0] ?? fresh;
      this.#receipts.reserved(key, folder);
      const place = await request.parcel?.claim(folder);
      if (place === 'busy') continue;
      if (request.parcel !== undefined && place === undefined) return undefined;
      const answer = await desk.once(home, {
        ...this.#asked(request),
        folder,
        attachments: [attachment(place ?? `b${folder}`, recipients.length)],
        repeated: known !== null,
      });
      if (answer === undefined) continue;
      assert.ok(answer.status < 400, `${key} was answered ${answer.status} ${JSON.stringify(answer.body)}`);
      return folder;
    }
  }

  #parcel(): Parcel {
    return new Parcel(this.#world, this.#sender, `file${this.#world.chance.below(NAMES)}`);
  }

  #terms(): HoldTerms {
    const { chance } = this.#world;
    const org = chance.pick(SUBSCRIBERS);
    const fallback = { org, door: this.#subscriber.wordOf(org), mail: null };
    return { ms: chance.pick(HOLDS), fallback: chance.chance(0.5) ? fallback : null, owner: null };
  }

  #asked({ key, recipients, terms }: Request): Asked {
    return {
      kind: 'folder.deposit',
      sender: this.#sender,
      process: PROCESS,
      externalId: key,
      applicant: { firstName: 'Camille', lastName: 'Exemple', email: null },
      partnerInfo: null,
      cases: recipients.map((recipient, index) => ({
        externalId: `${key}-${index}`,
        recipient,
        home: partitionOf(recipient),
        partnerAttributes: null,
      })),
      mails: recipients.map(() => null),
      purge: PURGE,
      hold: { terms, doors: recipients.map((recipient) => this.#subscriber.wordOf(recipient)) },
    };
  }

  /** Its sender closes a case, held or not. */
  async #close(id: Id): Promise<void> {
    await this.#world.desk.ask(parts(id).home, {
      kind: 'case.patch',
      case: id,
      caller: osl(this.#sender),
      status: 'CLOSED',
      purge: PURGE,
    });
  }
}

const attachment = (blob: string, cases: number) => ({
  fileName: 'acte.pdf',
  type: 'ActeEtatCivil-PDF',
  size: 20_000,
  mimeType: 'application/pdf',
  ...uploadOf(blob),
  recipients: Array.from({ length: cases }, (_, index) => index),
});
