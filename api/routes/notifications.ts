import { Type } from 'typebox';
import { type Box, Merge } from '#api/answers/box.ts';
import { loadCases, loadEvents } from '#api/answers/load.ts';
import { notificationText } from '#api/answers/notification.ts';
import { Fault } from '#api/schemas/fault.ts';
import { Notification, NotificationQuery } from '#api/schemas/notification.ts';
import { pathId, queryNumber } from '#api/schemas/parameters.ts';
import type { ApiDeps } from '#api/server/deps.ts';
import type { Reply, Request, Route } from '#api/server/types.ts';
import type { Hub } from '#engine/client/hub.ts';
import { type Caller, MOVED } from '#engine/domain/commands/contents.ts';
import { DomainError } from '#engine/domain/errors.ts';
import { type Id, isKind, KIND, notificationParts } from '#engine/domain/ids.ts';
import type { OrgKey } from '#engine/domain/organization.ts';
import { PARTITIONS, partitionOf } from '#engine/domain/placement.ts';
import type { EventState } from '#engine/domain/records/event.ts';
import { recipientName } from '#engine/domain/records/names.ts';
import type { NotificationState } from '#engine/domain/records/notification.ts';
import { CorruptRecord } from '#engine/domain/records/seal.ts';
import { demand } from './demand.ts';
import { withPartner } from './partner.ts';

/** Contract §6: the batch of a client that asks for none. */
const DEFAULT_RESULT = 25;
/** Notifications read, looked up and sent at once: what one reader may hold in memory, whatever it asked for. */
const CHUNK = 250;

/** Contract §6: how clients stop. */
const NOTHING: Reply = { status: 200, text: '[]' };

/** Partitions a migrated notification is looked for in before the migration is held to be still under way. */
const MAX_MOVES = 8;

/** The boxes of an organisation's démarches, an agent's only those it is habilitated for. */
async function boxesOf(hub: Hub, caller: Caller, wanted: ReadonlySet<string>): Promise<Box[]> {
  const [recipient] = await hub.read(partitionOf(caller.org), [recipientName(caller.org)]);
  const boxes = Object.entries(recipient?.boxes ?? {}).map(([process, box]) => ({ process, box }));
  return boxes.filter(
    ({ process }) => (wanted.size === 0 || wanted.has(process)) && (caller.processes?.includes(process) ?? true),
  );
}

/** Events of a chunk as they are now (contract §9: a copied status makes clients loop for ever). */
async function eventsOf(hub: Hub, chunk: readonly NotificationState[]): Promise<Map<Id, EventState>> {
  const told = chunk.filter(({ event }) => event !== null);
  const cases = [...new Set(told.map((notification) => notification.case))];
  const states = await loadCases(hub, cases);
  const wanted = new Set(told.map(({ event }) => event as Id));
  const events = new Map<Id, EventState>();
  const keep = (found: readonly EventState[]): void => {
    for (const event of found) if (wanted.has(event.id)) events.set(event.id, event);
  };
  for (const state of states) keep(state?.events ?? []);
  for (const [index, id] of cases.entries()) {
    const state = states[index];
    const older = state !== undefined && state.eventChunks > 0;
    // one case after the other, each once: its older events may be a megabyte
    if (older && told.some((one) => one.case === id && !events.has(one.event as Id))) {
      keep(await loadEvents(hub, id, state));
    }
  }
  return events;
}

/**
 * Those of a chunk whose case cannot be read are left out until it is repaired, as a damaged notification is: without
 * its event one would be taken for a new case, and the others are not to wait for it.
 */
export async function textsOf(hub: Hub, chunk: readonly NotificationState[]): Promise<string[]> {
  if (chunk.every(({ event }) => event === null)) return chunk.map((one) => notificationText(one, undefined));
  try {
    const events = await eventsOf(hub, chunk);
    return chunk.map((one) => notificationText(one, one.event === null ? undefined : events.get(one.event)));
  } catch (error) {
    if (!(error instanceof CorruptRecord)) throw error;
    if (chunk.length > 1) return (await Promise.all(chunk.map((one) => textsOf(hub, [one])))).flat();
    hub.damaged(error);
    return [];
  }
}

async function* chunks(hub: Hub, merges: readonly Merge[], limit: number): AsyncGenerator<string[]> {
  let left = limit;
  for (const merge of merges) {
    while (left > 0) {
      const wanted = Math.min(left, CHUNK);
      const chunk = await merge.next(wanted);
      const texts = await textsOf(hub, chunk);
      if (texts.length > 0) yield texts;
      left -= texts.length;
      if (chunk.length < wanted) break;
    }
  }
}

async function whole(hub: Hub, merges: readonly Merge[], limit: number): Promise<Reply> {
  const texts: string[] = [];
  for await (const chunk of chunks(hub, merges, limit)) texts.push(...chunk);
  return { status: 200, text: `[${texts.join(',')}]` };
}

/** The list of an SI: its démarche's only, whatever else its organisation receives (contract §1). */
async function listOne(hub: Hub, org: OrgKey, process: string, limit: number): Promise<Reply> {
  const partition = partitionOf(org);
  const page = Math.min(limit, CHUNK);
  const inbox = await hub.inbox(partition, org, process, page);
  if (inbox === undefined) return NOTHING;
  const { box, entries } = inbox;
  const merges = () => [new Merge(hub, partition, org, [{ process, box }])];
  if (limit > CHUNK && entries.length === page) return { status: 200, items: chunks(hub, merges(), limit) };
  const texts = await textsOf(
    hub,
    entries.map(({ notification }) => notification),
  );
  // A client takes a page that is not full for the last one.
  if (texts.length < entries.length && entries.length === page) return whole(hub, merges(), limit);
  return { status: 200, text: `[${texts.join(',')}]` };
}

async function list({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const { caller, query } = request;
  hub.pulls.note(caller.org);
  const limit = Math.floor(queryNumber(request, 'maxResult', { fallback: DEFAULT_RESULT, minimum: 1 }));
  const wanted = new Set(query.list('processCode'));
  if (caller.process !== undefined) {
    if (wanted.size > 0 && !wanted.has(caller.process)) return NOTHING;
    return listOne(hub, caller.org, caller.process, limit);
  }
  const priority = new Set(query.list('processPriority'));
  const boxes = await boxesOf(hub, caller, wanted);
  const partition = partitionOf(caller.org);
  const merges = [
    boxes.filter(({ process }) => priority.has(process)),
    boxes.filter(({ process }) => !priority.has(process)),
  ]
    .filter((group) => group.length > 0)
    .map((group) => new Merge(hub, partition, caller.org, group));
  if (limit > CHUNK) return { status: 200, items: chunks(hub, merges, limit) };
  return whole(hub, merges, limit);
}

async function remove({ hub }: ApiDeps, request: Request): Promise<Reply> {
  const id = pathId(request, 'notificationId');
  if (!isKind(id, KIND.notification, PARTITIONS)) throw new DomainError('notificationUnknown');
  await removeNotification(hub, request.caller, id);
  return { status: 204 };
}

/** Wherever it migrated to. @throws DomainError 403, 404; busy while the migration is under way */
export async function removeNotification(hub: Hub, caller: Caller, id: Id): Promise<void> {
  let partition = notificationParts(id).home;
  for (let hop = 0; hop < MAX_MOVES; hop += 1) {
    const answer = await demand(hub, partition, { kind: 'mailbox.delete', notification: id, caller });
    if (answer.status !== MOVED) return;
    partition = (answer.body as { partition: number }).partition;
  }
  throw new DomainError('busy');
}

const ALL = ['OSL', 'SI', 'ADMIN', 'AGENT'] as const;

export const routes = (deps: ApiDeps): Route[] =>
  withPartner([
    {
      method: 'GET',
      path: '/teledossiers/v1/notifications',
      scopes: ALL,
      summary: 'Liste les notifications, les plus anciennes d’abord ; lire n’en consomme aucune',
      schemas: { query: NotificationQuery, answers: { 200: Type.Array(Notification) } },
      handler: (request) => list(deps, request),
    },
    {
      method: 'DELETE',
      path: '/teledossiers/v1/notifications/{notificationId}',
      scopes: ALL,
      summary: 'Supprime une notification',
      schemas: { answers: { 204: null, 404: Fault } },
      handler: (request) => remove(deps, request),
    },
  ]);
