/** A ZIP file made as it is sent: nothing is held but one piece of one file. Entries are stored, not compressed. */
import { crc32 } from 'node:zlib';

export interface Entry {
  name: string;
  date: Date;
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

interface Written {
  name: Buffer;
  time: number;
  day: number;
  crc: number;
  size: number;
  offset: number;
}

const UTF8_AND_DESCRIPTOR = 0x0808;
const STORED = 0;
const VERSION = 45;
const MOST = 0xffffffff;

export async function* zip(entries: AsyncIterable<Entry>): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let at = 0;
  for await (const { name, date, content } of entries) {
    const entry: Written = { name: Buffer.from(name), ...dos(date), crc: 0, size: 0, offset: at };
    const head = localHeader(entry);
    yield head;
    at += head.length;
    for await (const piece of content) {
      entry.crc = crc32(piece, entry.crc);
      entry.size += piece.byteLength;
      yield piece;
    }
    const tail = descriptor(entry);
    yield tail;
    at += entry.size + tail.length;
    written.push(entry);
  }
  const directory = Buffer.concat(written.map(centralHeader));
  yield directory;
  yield end(written.length, directory.length, at);
}

/** Time and day as MS-DOS had them, two seconds fine. */
function dos(date: Date): { time: number; day: number } {
  const year = Math.min(Math.max(date.getFullYear(), 1980), 2107);
  return {
    time: (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1),
    day: ((year - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate(),
  };
}

/** Sizes follow the content, in a descriptor of eight bytes each: the empty extra field says so. */
function localHeader({ name, time, day }: Written): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(UTF8_AND_DESCRIPTOR, 6);
  head.writeUInt16LE(STORED, 8);
  head.writeUInt16LE(time, 10);
  head.writeUInt16LE(day, 12);
  head.writeUInt32LE(0, 14);
  head.writeUInt32LE(MOST, 18);
  head.writeUInt32LE(MOST, 22);
  head.writeUInt16LE(name.length, 26);
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  head.writeUInt16LE(extra.length, 28);
  return Buffer.concat([head, name, extra]);
}

function descriptor({ crc, size }: Written): Buffer {
  const tail = Buffer.alloc(24);
  tail.writeUInt32LE(0x08074b50, 0);
  tail.writeUInt32LE(crc, 4);
  tail.writeBigUInt64LE(BigInt(size), 8);
  tail.writeBigUInt64LE(BigInt(size), 16);
  return tail;
}

function centralHeader({ name, time, day, crc, size, offset }: Written): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(VERSION, 6);
  head.writeUInt16LE(UTF8_AND_DESCRIPTOR, 8);
  head.writeUInt16LE(STORED, 10);
  head.writeUInt16LE(time, 12);
  head.writeUInt16LE(day, 14);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(MOST, 20);
  head.writeUInt32LE(MOST, 24);
  head.writeUInt16LE(name.length, 28);
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(size), 4);
  extra.writeBigUInt64LE(BigInt(size), 12);
  extra.writeBigUInt64LE(BigInt(offset), 20);
  head.writeUInt16LE(extra.length, 30);
  head.writeUInt32LE(MOST, 42);
  return Buffer.concat([head, name, extra]);
}

function end(count: number, length: number, at: number): Buffer {
  const record = Buffer.alloc(56 + 20 + 22);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(VERSION, 12);
  record.writeUInt16LE(VERSION, 14);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(length), 40);
  record.writeBigUInt64LE(BigInt(at), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(at + length), 64);
  record.writeUInt32LE(1, 72);
  record.writeUInt32LE(0x06054b50, 76);
  record.writeUInt16LE(Math.min(count, 0xffff), 84);
  record.writeUInt16LE(Math.min(count, 0xffff), 86);
  record.writeUInt32LE(Math.min(length, MOST), 88);
  record.writeUInt32LE(Math.min(at, MOST), 92);
  return record;
}
