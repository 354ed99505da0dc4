import { Type } from 'typebox';
import { eventAttachmentId, folderAttachmentId } from '#api/answers/attachment.ts';
import { isShown } from '#api/answers/event.ts';
import { loadCases, loadEvents } from '#api/answers/load.ts';
import { IdsForPurge, PurgeList } from '#api/schemas/purge.ts';
import { compile, validate } from '#api/schemas/validate.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import { refused } from '#api/server/errors.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { Hub } from '#engine/client/hub.ts';
import type { Caller } from '#engine/domain/commands/contents.ts';
import { isLeft } from '#engine/domain/deciders/case/status.ts';
import { mayCase } from '#engine/domain/deciders/rights.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { folderOf, fromUuid, type Id, isKind, KIND, parts, toUuid } from '#engine/domain/ids.ts';
import { type OrgKey, orgKey } from '#engine/domain/organization.ts';
import { PARTITIONS, partitionOf } from '#engine/domain/placement.ts';
import type { CaseState } from '#engine/domain/records/case.ts';
import { CASE_MARK, recipientName } from '#engine/domain/records/names.ts';
import { CorruptRecord } from '#engine/domain/records/seal.ts';
import { withPartner } from './partner.ts';

compile(PurgeList);

/** Cases of one box looked at at once. */
const PAGE = 50;
/** Recipients whose boxes are asked at once. */
const RECIPIENTS_AT_ONCE = 64;
/** A case's own record could be read, what belongs to it could not. */
const FAULT = 500;
/** Cases marked at once. */
const ASKS_AT_ONCE = 64;

interface Box {
  partition: number;
  box: number;
}

/** Recipients whose closed cases may be the caller's: an SI's own, else all. */
function recipientsOf(hub: Hub, caller: Caller): OrgKey[] {
  if (caller.scope === 'SI') return [caller.org];
  return Array.from(hub.referential.organizations(), orgKey).filter((key) => key.startsWith('SI-'));
}

/** What cannot be read is left out, and comes when it is repaired: the others are not to wait for it. */
async function readable<T>(hub: Hub, reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof CorruptRecord)) throw error;
    hub.damaged(error);
    return undefined;
  }
}

/** Boxes with cases the caller may have a right on. */
async function boxesOf(hub: Hub, caller: Caller, recipient: OrgKey): Promise<Box[]> {
  const partition = partitionOf(recipient);
  const reading = hub.read(partition, [recipientName(recipient)]);
  // Whose only list it is must learn that it is not whole.
  const [state] = (await (caller.scope === 'SI' ? reading : readable(hub, reading))) ?? [];
  return Object.entries(state?.boxes ?? {})
    .filter(([process]) => caller.process === undefined || process === caller.process)
    .map(([, box]) => ({ partition, box }));
}

/** Pairs of a case that the portal still has and the caller may see, as JSON texts. */
async function pairsOf(hub: Hub, caller: Caller, id: Id, state: CaseState): Promise<string[]> {
  const folder = folderOf(id);
  const events = (await loadEvents(hub, id, state)).filter((event) => isShown(event, caller));
  const left = [
    ...state.attachments.filter(isLeft).map(({ index }) => folderAttachmentId(folder, index)),
    ...events.flatMap((event) =>
      event.attachments.flatMap((file, index) => (isLeft(file) ? [eventAttachmentId(event.id, index)] : [])),
    ),
  ];
  return left.map((attachment) => JSON.stringify({ folder_attachment_id: toUuid(attachment), case_id: toUuid(id) }));
}

/** Pairs of some closed cases, of those the caller has a right on. */
async function pairsOfCases(hub: Hub, caller: Caller, ids: readonly Id[]): Promise<string[]> {
  const texts = async (): Promise<string[][]> => {
    const states = await loadCases(hub, ids);
    const pairs = states.map((state, at) =>
      state !== undefined && mayCase(caller, state) ? pairsOf(hub, caller, ids[at] as Id, state) : [],
    );
    return Promise.all(pairs);
  };
  if (ids.length === 1) return (await readable(hub, texts()))?.flat() ?? [];
  try {
    return (await texts()).flat();
  } catch (error) {
    if (!(error instanceof CorruptRecord)) throw error;
    return (await Promise.all(ids.map((id) => pairsOfCases(hub, caller, [id])))).flat();
  }
}

/** Many boxes are asked at once, since most have nothing; each gives a page at a time. */
async function* pairs(hub: Hub, caller: Caller): AsyncGenerator<string[]> {
  const recipients = recipientsOf(hub, caller);
  const page = ({ partition, box }: Box, offset: number) => hub.cases(partition, box, CASE_MARK.closed, offset, PAGE);
  for (let from = 0; from < recipients.length; from += RECIPIENTS_AT_ONCE) {
    const group = recipients.slice(from, from + RECIPIENTS_AT_ONCE);
    const boxes = (await Promise.all(group.map((recipient) => boxesOf(hub, caller, recipient)))).flat();
    const firsts = await Promise.all(boxes.map((box) => page(box, 0)));
    for (const [index, first] of firsts.entries()) {
      let ids = first;
      for (let offset = PAGE; ids.length > 0; offset += PAGE) {
        yield await pairsOfCases(hub, caller, ids);
        ids = ids.length === PAGE ? await page(boxes[index] as Box, offset) : [];
      }
    }
  }
}

/** Ids of attachments by case; pairs this hub cannot have given are left out (contract §6). */
function byCase(list: PurgeList): Map<Id, Id[]> {
  const cases = new Map<Id, Id[]>();
  for (const { case_id, folder_attachment_id } of list) {
    const id = fromUuid(case_id) as Id;
    const attachment = fromUuid(folder_attachment_id) as Id;
    if (!isKind(id, KIND.case, PARTITIONS)) continue;
    const known = cases.get(id);
    if (known) known.push(attachment);
    else cases.set(id, [attachment]);
  }
  return cases;
}

/** Cases that can be read; the others are told, and left out. */
async function readableCases(hub: Hub, ids: readonly Id[]): Promise<Map<Id, CaseState | undefined>> {
  try {
    const states = await loadCases(hub, ids);
    return new Map(ids.map((id, index) => [id, states[index]]));
  } catch (error) {
    if (!(error instanceof CorruptRecord)) throw error;
    if (ids.length > 1) return new Map((await Promise.all(ids.map((id) => readableCases(hub, [id])))).flatMap(entries));
    hub.damaged(error);
    return new Map();
  }
}

const entries = <K, V>(map: Map<K, V>): [K, V][] => [...map];

/**
 * PUT /idsPurged: the right on every case is sure before the first is marked. One that is damaged keeps no other from
 * being marked, and is named.
 */
async function mark({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { caller } = request;
  const cases = byCase(validate(PurgeList, await request.json(), request));
  const ids = [...cases.keys()];
  const states = await readableCases(hub, ids);
  const known = ids.filter((id) => states.get(id) !== undefined);
  if (known.some((id) => !mayCase(caller, states.get(id) as CaseState))) throw new DomainError('forbidden');
  const unreadable = ids.filter((id) => !states.has(id));
  for (let from = 0; from < known.length; from += ASKS_AT_ONCE) {
    const group = known.slice(from, from + ASKS_AT_ONCE);
    const answers = await Promise.all(
      group.map((id) => {
        const attachments = cases.get(id) as Id[];
        return hub.ask(parts(id).home, { kind: 'case.purged', case: id, caller, attachments });
      }),
    );
    const failed = answers.find(({ status }) => status >= 400 && status !== 404 && status !== FAULT);
    if (failed !== undefined) throw refused(failed);
    unreadable.push(...group.filter((_, index) => answers[index]?.status === FAULT));
  }
  if (unreadable.length > 0) throw new DomainError('unreadable', unreadable.map(toUuid).join(', '));
  return { status: 204 };
}

const ALL = ['OSL', 'SI', 'ADMIN'] as const;

export const routes = (deps: ApiDeps): Route[] =>
  withPartner([
    {
      method: 'GET',
      path: '/teledossiers/v1/attachmentsIdsForPurge',
      scopes: ALL,
      summary: 'Pièces de cases clos dont le portail peut purger sa copie',
      schemas: { answers: { 200: Type.Array(IdsForPurge) } },
      handler: ({ caller }) => ({ status: 200, items: pairs(deps.hub, caller) }),
    },
    {
      method: 'PUT',
      path: '/teledossiers/v1/idsPurged',
      scopes: ALL,
      body: 'json',
      summary: 'Marque des pièces comme purgées du portail',
      schemas: { body: PurgeList, answers: { 204: null } },
      handler: (request) => mark(deps, request),
    },
  ]);
