/**
 * Formats that begin with a signature (contract §6): only these can contradict a media type. Text formats are never
 * looked into: files in the field are truncated XML, or a ZIP named `.xml`.
 */
const PDF = 'application/pdf';

/** The ZIP family: OpenDocument and Office Open XML files are ZIP archives. */
const ZIP_TYPES: ReadonlySet<string> = new Set([
  'application/zip',
  'application/x-zip-compressed',
  'application/epub+zip',
]);
const ZIP_PREFIXES = ['application/vnd.oasis.opendocument.', 'application/vnd.openxmlformats-officedocument.'] as const;

/** ISO 32000-1 annex H: readers take the header anywhere in the first 1024 bytes. */
const PDF_SIGNATURE = '%PDF-';
/** APPNOTE 4.3: local file, end of an empty archive, spanned archive. */
const ZIP_SIGNATURES = ['PK\u0003\u0004', 'PK\u0005\u0006', 'PK\u0007\u0008'] as const;

/** The media type alone: `Application/PDF; version=1.4` → `application/pdf`. */
const essence = (mimeType: string): string => (mimeType.split(';', 1)[0] as string).trim().toLowerCase();

const isZipType = (type: string): boolean =>
  ZIP_TYPES.has(type) || ZIP_PREFIXES.some((prefix) => type.startsWith(prefix));

/** True when the first bytes of a file cannot be those of its media type. */
export function contradicts(mimeType: string, head: Uint8Array): boolean {
  const type = essence(mimeType);
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  if (type === PDF) return !text.includes(PDF_SIGNATURE);
  if (isZipType(type)) return !ZIP_SIGNATURES.some((signature) => text.startsWith(signature));
  return false;
}
