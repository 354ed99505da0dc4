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
  file: 7,
} as const;
export type Kind = (typeof KIND)[keyof typeof KIND];

const MAX_BOX = 0x3fffff;
const BYTE = 256;
const TWO_24 = 0x100_0000;
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

/** Ids are taken apart for every message: four digits are three bytes, and no Buffer is needed for either way. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Uint8Array(BYTE);
for (const [value, digit] of [...DIGITS].entries()) VALUES[digit.charCodeAt(0)] = value;
const PAIRS = [...DIGITS].flatMap((high) => [...DIGITS].map((low) => high + low));

const value = (id: string, at: number): number => VALUES[id.charCodeAt(at)] as number;
const triple = (first: number, second: number, third: number): number => (first << 16) | (second << 8) | third;
/** Four digits of three bytes. */
const digits = (bytes: number): string => (PAIRS[bytes >>> 12] as string) + (PAIRS[bytes & 0xfff] as string);
/** Three bytes of four digits, from place `at`. */
const bytes3 = (id: string, at: number): number =>
  (value(id, at) << 18) | (value(id, at + 1) << 12) | (value(id, at + 2) << 6) | value(id, at + 3);

function byteOf(id: string, index: number): number {
  const place = Math.floor(index / 3) * 4;
  const rest = index % 3;
  const high = value(id, place + rest) << (2 + 2 * rest);
  return (high | (value(id, place + rest + 1) >>> (4 - 2 * rest))) & 255;
}

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

/** Id of an event the hub itself writes to a case, always the same for the same moment. */
export function ownEventId(case_: Id, home: number, ms: number): Id {
  const bytes = raw(case_);
  return newId(KIND.event, home, ms, home, 0, (into, at, length) => bytes.copy(into, at, at, at + length));
}

/** Id that is always the same for the same hash. Its time means nothing. @param hash 16 bytes at least */
export function idOfHash(kind: Kind, home: number, hash: Buffer): Id {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes[6] = 0x70 | kind;
  bytes[7] = home;
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return text(bytes);
}

/** Id of a sibling in the same family: a folder's case or attachment, an event's attachment, or the way back. */
export function derive(id: Id, kind: Kind, home: number, index: number): Id {
  const mixed = triple(0x80 | (index >>> 8), index & 255, byteOf(id, 10));
  const placed = triple(0x70 | kind, home, mixed >>> 16);
  return (id.slice(0, 8) + digits(placed) + digits(((mixed & 0xffff) << 8) | byteOf(id, 11)) + id.slice(16)) as Id;
}

/** The folder a case or folder attachment belongs to. */
export const folderOf = (id: Id): Id => derive(id, KIND.folder, byteOf(id, 10), 0);

const msOf = (id: Id): number => bytes3(id, 0) * TWO_24 + bytes3(id, 4);

export function parts(id: Id): IdParts {
  return {
    ms: msOf(id),
    kind: (byteOf(id, 6) & 15) as Kind,
    home: byteOf(id, 7),
    index: ((byteOf(id, 8) & 0x3f) << 8) | byteOf(id, 9),
    folderHome: byteOf(id, 10),
  };
}

/** Id of the notification number `sequence` of box `box` in partition `home`. */
export function notificationId(home: number, box: number, sequence: number, ms: number): Id {
  if (box > MAX_BOX) throw new RangeError(`box ${box} does not fit an id`);
  const low = sequence % TWO_32;
  return (digits(Math.floor(ms / TWO_24)) +
    digits(ms % TWO_24) +
    digits(triple(0x70 | KIND.notification, home, 0x80 | (box >>> 16))) +
    digits(((box & 0xffff) << 8) | (Math.floor(sequence / TWO_32) % BYTE)) +
    digits(low >>> 8) +
    PAIRS[(low & 255) << 4]) as Id;
}

export interface NotificationParts {
  ms: number;
  home: number;
  box: number;
  sequence: number;
}

export function notificationParts(id: Id): NotificationParts {
  return {
    ms: msOf(id),
    home: byteOf(id, 7),
    box: ((byteOf(id, 8) & 0x3f) << 16) | (byteOf(id, 9) << 8) | byteOf(id, 10),
    sequence: byteOf(id, 11) * TWO_32 + bytes3(id, 16) * BYTE + byteOf(id, 15),
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
  const version = byteOf(id, 6) >>> 4;
  return version === 7 && (byteOf(id, 6) & 15) === kind && byteOf(id, 7) < partitions;
}
