import assert from 'node:assert/strict';
import type { Answer } from '#engine/domain/decision.ts';
import { type Id, parts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import { decode } from '#engine/domain/records/codec.ts';
import { type FileState, fileId } from '#engine/domain/records/file.ts';
import type { FolderState } from '#engine/domain/records/folder.ts';
import { fileName } from '#engine/domain/records/names.ts';
import { uploadOf } from './cast.ts';
import type { Model } from './model.ts';
import type { World } from './world.ts';

const [OK, CREATED, UNKNOWN, CONFLICT] = [200, 201, 404, 409];

/** A file sent before the folder that names it, as its sender knows it. */
export class Parcel {
  readonly #world: World;
  readonly #org: OrgKey;
  readonly #file: Id;
  #sendings = 0;

  constructor(world: World, org: OrgKey, name: string) {
    this.#world = world;
    this.#org = org;
    this.#file = fileId(org, name);
  }

  /** PUT file, again until it is answered; the bytes of each sending lie in a place of their own. */
  async send(): Promise<void> {
    const { desk, chance } = this.#world;
    for (let answer: Answer | undefined; answer === undefined; ) {
      this.#sendings += 1;
      const { sha256, blob } = uploadOf(`p${this.#file}-${this.#sendings}-${chance.below(1_000_000)}`);
      const sent = { org: this.#org, sha256, size: 20_000, mimeType: 'application/pdf', blob };
      answer = await desk.once(parts(this.#file).home, { kind: 'file.put', file: this.#file, sent, fresh: false });
      assert.ok(answer === undefined || answer.status === OK || answer.status === CREATED, `a file: ${answer?.status}`);
    }
    this.#world.count('files sent before');
  }

  /**
   * What a deposit does with it first.
   * @returns where its bytes lie; undefined: another folder has it · 'busy': no clear answer
   */
  async claim(folder: Id): Promise<string | undefined | 'busy'> {
    const claim = { kind: 'file.claim', file: this.#file, org: this.#org, folder } as const;
    const answer = await this.#world.desk.once(parts(this.#file).home, claim);
    if (answer === undefined) return 'busy';
    if (answer.status === OK) return (answer.body as FileState).blob;
    // A day went by before it was taken: it is sent again. Or it went with a failover that was named.
    if (answer.status === UNKNOWN) {
      await this.send();
      return 'busy';
    }
    assert.equal(answer.status, CONFLICT, 'a file is claimed');
    this.#world.count('files another folder had');
    return undefined;
  }
}

/**
 * Bytes at rest: what a record names was not deleted, and a file sent before is one folder's, which knows it by the place its
 * own record says. @throws AssertionError
 */
export function checkBytes(model: Model): void {
  const gone = new Set(
    model.jobs.flatMap((job) => (job.kind === 'unlink' ? (job.body as { blobs: string[] }).blobs : [])),
  );
  const owners = new Map<string, string>();
  const hold = (name: string, blob: string | null): void => {
    if (blob === null) return;
    assert.ok(!gone.has(blob), `${name} names bytes that were deleted: ${blob}`);
    if (!blob.startsWith('p')) return;
    assert.equal(owners.get(blob) ?? name, name, `bytes of a file sent before: ${blob}`);
    owners.set(blob, name);
  };
  for (const { records } of model.places.values())
    for (const [name, text] of records) {
      if (name.startsWith('f'))
        for (const { blob } of (decode(name, text) as FolderState).attachments) hold(name, blob);
      if (!name.startsWith('c')) continue;
      for (const { attachments } of (decode(name, text) as CaseState).events)
        for (const { blob } of attachments) hold(name, blob);
    }
  for (const { records } of model.places.values())
    for (const [name, text] of records) {
      if (!isFile(name)) continue;
      const { folder, blob } = decode(name, text) as FileState;
      // Taken, it is its folder's: looked after once a month.
      if (folder === null) assert.ok(!gone.has(blob), `${name} names bytes that were deleted: ${blob}`);
      const owner = owners.get(blob);
      if (owner !== undefined) assert.equal(owner, `f${folder}`, `who has ${name}`);
    }
}

const PREFIX = fileName('' as Id);
const isFile = (name: string): boolean => name.startsWith(PREFIX);
