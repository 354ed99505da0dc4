import { purgeSettings } from '#api/answers/settings.ts';
import { holdingOf } from '#api/competence/holding.ts';
import { Acceptor } from '#engine/client/accept.ts';
import { redisSource } from '#engine/client/redis-source.ts';
import { ReferentialCopy } from '#engine/client/referential.ts';
import type { CommandOf } from '#engine/domain/commands.ts';
import { encodeMessage } from '#engine/domain/envelope.ts';
import { fromUuid, type Id, parts } from '#engine/domain/ids.ts';
import type { ProcessState } from '#engine/domain/records/process.ts';
import { Calls } from '#engine/redis/calls.ts';
import { connect, disconnect } from '#engine/redis/connect.ts';
import { Reads } from '#engine/redis/reads.ts';
import { DGS, keyOf, type Org } from '#test/contract/country.ts';
import { deposit, type World } from '#test/contract/hub.ts';
import type { Json } from '#test/contract/wire.ts';

/** Completes folders as a native deposit does, by the message such a deposit sends, into the mailboxes of a running hub. */
export class NativeSender {
  readonly #world: World;
  readonly #client;
  readonly #acceptor: Acceptor;
  readonly #referential: ReferentialCopy;

  private constructor(world: World) {
    this.#world = world;
    this.#client = connect(world.redisUrl, () => undefined);
    this.#acceptor = new Acceptor(new Calls(this.#client), Number.MAX_SAFE_INTEGER, () => undefined);
    this.#referential = new ReferentialCopy(redisSource(new Reads(this.#client)));
  }

  static async open(world: World): Promise<NativeSender> {
    const sender = new NativeSender(world);
    await sender.#referential.open();
    return sender;
  }

  /** A folder of CERTDC; its recipient must be subscribed when it is described, and `before` its completion may not be. */
  async deposit(to: Org, before: () => Promise<unknown> = async () => undefined): Promise<Json> {
    const folder = await deposit(this.#world.dgs, { to: [to] }, false);
    await before();
    await this.#referential.fresh();
    const process = this.#referential.process('CERTDC') as ProcessState;
    const id = fromUuid(folder.id) as Id;
    const command: CommandOf<'folder.patch'> = {
      kind: 'folder.patch',
      folder: id,
      caller: { scope: 'OSL', org: keyOf(DGS) },
      status: 'HUBEE_COMPLETED',
      closed: null,
      mails: [null],
      purge: purgeSettings(process),
      hold: holdingOf(this.#referential, process, [keyOf(to)]),
    };
    await this.#acceptor.accept(parts(id).home, encodeMessage({ command }));
    return folder;
  }

  close = (): Promise<void> => disconnect(this.#client);
}
