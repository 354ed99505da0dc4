import { randomFillSync } from 'node:crypto';

/**
 * Ids of the hub: UUIDv7 (RFC 9562 §5.7) whose random bits carry where the record lives, so that an id
 * alone finds its partition and a case or attachment id finds its folder.
 *
 * Bytes: 0–5 Unix ms · 6 version|kind · 7 home partition · 8–9 variant|index (14 bits) · 10 home partition
 * of the folder · 11–15 random. All ids of one folder (its cases and attachments) share ms and random.
 * A notification uses bytes 8–10 for its box (22 bits) and 11–15 for its sequence (40 bits).
 *
 * Inside the hub an id is its 16 bytes in base64url: 22 characters (`Id`). UUID text exists at the edge only.
 */
export type Id = string & { readonly __id: unique symbol };

export const KIND = {
  folder: 0,
  case: 1,
  attachment: 2,
  event: 3,
  eventAttachment: 4,
  notification: 5,
  other: 6,
} as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

/** Cases, or attachments, one folder may hold: what 14 index bits can name. */
export const MAX_INDEX = 0x3fff;
const MAX_BOX = 0x3fffff;
const BYTE = 256;
const TWO_32 = 0x1_0000_0000;

export interface IdParts {
  ms: number;
  kind: Kind;
  /** partition that holds the record */
  home: number;
  index: number;
  /** partition that holds the folder of this record */
  folderHome: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const POOL_BYTES = 5 * 1024;
const pool = Buffer.alloc(POOL_BYTES);
let poolAt = POOL_BYTES;

/** Where an id's random bits come from; replaced by a seeded source in simulation. */
export type RandomSource = (into: Buffer, offset: number, bytes: number) => void;

export const systemRandom: RandomSource = (into, offset, bytes) => {
  if (poolAt + bytes > POOL_BYTES) {
    randomFillSync(pool);
    poolAt = 0;
  }
  pool.copy(into, offset, poolAt, poolAt + bytes);
  poolAt += bytes;
};

function head(bytes: Buffer, ms: number, kind: Kind, home: number): void {
  const high = Math.floor(ms / TWO_32);
  bytes[0] = high >>> 8;
  bytes[1] = high & 255;
  bytes.writeUInt32BE(ms % TWO_32, 2);
  bytes[6] = 0x70 | kind;
  bytes[7] = home;
}

const text = (bytes: Buffer): Id => bytes.toString('base64url') as Id;
const raw = (id: Id): Buffer => Buffer.from(id, 'base64url');

/** A fresh id. `home` and `folderHome` are partition numbers (0–255). */
export function newId(
  kind: Kind,
  home: number,
  ms: number,
  folderHome = home,
  index = 0,
  random: RandomSource = systemRandom,
): Id {
  const bytes = Buffer.allocUnsafe(16);
  head(bytes, ms, kind, home);
  bytes[8] = 0x80 | (index >>> 8);
  bytes[9] = index & 255;
  bytes[10] = folderHome;
  random(bytes, 11, 5);
  return text(bytes);
}

/** Id of a sibling in the same family: a folder's case or attachment, an event's attachment, or the way back. */
export function derive(id: Id, kind: Kind, home: number, index: number): Id {
  const bytes = raw(id);
  bytes[6] = 0x70 | kind;
  bytes[7] = home;
  bytes[8] = 0x80 | (index >>> 8);
  bytes[9] = index & 255;
  return text(bytes);
}

/** The folder a case or folder attachment belongs to. */
export function folderOf(id: Id): Id {
  const bytes = raw(id);
  return derive(id, KIND.folder, bytes[10] as number, 0);
}

export function parts(id: Id): IdParts {
  const bytes = raw(id);
  return {
    ms: bytes.readUInt16BE(0) * TWO_32 + bytes.readUInt32BE(2),
    kind: ((bytes[6] as number) & 15) as Kind,
    home: bytes[7] as number,
    index: (((bytes[8] as number) & 0x3f) << 8) | (bytes[9] as number),
    folderHome: bytes[10] as number,
  };
}

/** Id of the notification number `sequence` of box `box` in partition `home`. */
export function notificationId(home: number, box: number, sequence: number, ms: number): Id {
  if (box > MAX_BOX) throw new RangeError(`box ${box} does not fit an id`);
  const bytes = Buffer.allocUnsafe(16);
  head(bytes, ms, KIND.notification, home);
  bytes[8] = 0x80 | (box >>> 16);
  bytes.writeUInt16BE(box & 0xffff, 9);
  bytes[11] = Math.floor(sequence / TWO_32) % BYTE;
  bytes.writeUInt32BE(sequence % TWO_32, 12);
  return text(bytes);
}

export interface NotificationParts {
  ms: number;
  home: number;
  box: number;
  sequence: number;
}

export function notificationParts(id: Id): NotificationParts {
  const bytes = raw(id);
  return {
    ms: bytes.readUInt16BE(0) * TWO_32 + bytes.readUInt32BE(2),
    home: bytes[7] as number,
    box: (((bytes[8] as number) & 0x3f) << 16) | bytes.readUInt16BE(9),
    sequence: (bytes[11] as number) * TWO_32 + bytes.readUInt32BE(12),
  };
}

/** UUID text, lower case, as the contract shows ids. */
export function toUuid(id: Id): string {
  const hex = raw(id).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Id of a UUID text; undefined when it is not a UUID at all (contract §2: 400, not 404). */
export function fromUuid(uuid: string): Id | undefined {
  if (!UUID.test(uuid)) return undefined;
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url') as Id;
}

/** False for any UUID this hub cannot have given for that kind of record: the answer is then 404. */
export function isKind(id: Id, kind: Kind, partitions: number): boolean {
  const bytes = raw(id);
  const version = (bytes[6] as number) >>> 4;
  return version === 7 && ((bytes[6] as number) & 15) === kind && (bytes[7] as number) < partitions;
}
