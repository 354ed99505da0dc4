import * as agent from './codecs/agent.ts';
import * as case_ from './codecs/case.ts';
import * as feed from './codecs/feed.ts';
import type { Row } from './codecs/field.ts';
import * as folder from './codecs/folder.ts';
import * as hold from './codecs/hold.ts';
import * as mailbox from './codecs/mailbox.ts';
import * as native from './codecs/native.ts';
import * as office from './codecs/office.ts';
import * as referential from './codecs/referential.ts';
import * as webhook from './codecs/webhook.ts';
import { seal, unseal } from './seal.ts';

/** Between a record's state and its stored text, by the first letter of its name. */
interface Codec {
  encode(state: unknown): Row;
  decode(row: Row): unknown;
}

/** Names and states of one kind of record go together by construction (`States`). */
const codec = <T>(encode: (state: T) => Row, decode: (row: Row) => T): Codec => ({ encode, decode }) as Codec;

const CODECS: Record<string, Codec> = {
  f: codec(folder.encodeFolder, folder.decodeFolder),
  g: codec(folder.encodeCaseChunk, folder.decodeCaseChunk),
  c: codec(case_.encodeCase, case_.decodeCase),
  e: codec(case_.encodeEventChunk, case_.decodeEventChunk),
  o: codec(mailbox.encodeRecipient, mailbox.decodeRecipient),
  w: codec(mailbox.encodeForward, mailbox.decodeForward),
  s: codec(mailbox.encodeStaged, mailbox.decodeStaged),
  a: codec(hold.encodeHeld, hold.decodeHeld),
  u: codec(feed.encodeConsumers, feed.decodeConsumers),
  h: codec(webhook.encodeWebhook, webhook.decodeWebhook),
  j: codec(webhook.encodeWebhooks, webhook.decodeWebhooks),
  m: codec(webhook.encodeCourier, webhook.decodeCourier),
  n: codec(mailbox.encodeCounters, mailbox.decodeCounters),
  i: codec(native.encodeKey, native.decodeKey),
  y: codec(native.encodeKeyBook, native.decodeKeyBook),
  v: codec(native.encodeFile, native.decodeFile),
  t: codec(native.encodeTomb, native.decodeTomb),
  O: codec(referential.encodeOrganization, referential.decodeOrganization),
  P: codec(referential.encodeProcess, referential.decodeProcess),
  S: codec(referential.encodeSubscription, referential.decodeSubscription),
  I: codec(referential.encodeSubscriptionIndex, referential.decodeSubscriptionIndex),
  L: codec(referential.encodeClient, referential.decodeClient),
  A: codec(agent.encodeAgent, agent.decodeAgent),
  M: codec(agent.encodeStaff, agent.decodeStaff),
  D: codec(office.encodeOffice, office.decodeOffice),
};

function codecOf(name: string): Codec {
  const found = CODECS[name[0] as string];
  if (found === undefined) throw new Error(`records named ${name[0]}… have no stored text`);
  return found;
}

/** The text to store: schema version, checksum, compact JSON. */
export const encode = (name: string, state: unknown): string => seal(JSON.stringify(codecOf(name).encode(state)));

/** The state of a stored text. @throws CorruptRecord when the text is not what was stored */
export const decode = (name: string, text: string): unknown =>
  codecOf(name).decode(JSON.parse(unseal(name, text)) as Row);

/** The state of a box's member; recipient and démarche are the box's. @throws CorruptRecord */
export function decodeNotification(...args: Parameters<typeof mailbox.decodeNotification>) {
  return mailbox.decodeNotification(...args);
}
export const encodeFeedEntry = feed.encodeFeedEntry;
export const decodeFeedEntry = feed.decodeFeedEntry;
export const sequenceOf = feed.sequenceOf;
export const encodeNotification = (...args: Parameters<typeof mailbox.encodeNotification>): string =>
  mailbox.encodeNotification(...args);
