/** The entries of a ZIP of stored files, as any reader finds them: by the directory at its end. */
export function unzip(bytes: Buffer): Map<string, Buffer> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  const locator = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x06, 0x07]), end);
  const record = Number(bytes.readBigUInt64LE(locator + 8));
  const count = Number(bytes.readBigUInt64LE(record + 32));
  let at = Number(bytes.readBigUInt64LE(record + 48));
  const found = new Map<string, Buffer>();
  for (let index = 0; index < count; index++) {
    const [nameLength, extraLength] = [bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30)];
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const extra = at + 46 + nameLength + 4;
    const size = Number(bytes.readBigUInt64LE(extra));
    const offset = Number(bytes.readBigUInt64LE(extra + 16));
    const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
    found.set(name, bytes.subarray(start, start + size));
    at += 46 + nameLength + extraLength;
  }
  return found;
}
