/** Media types of files an agent sends, by what their names end with: browsers differ in what they call them. */

const BY_ENDING: Readonly<Record<string, readonly string[]>> = {
  pdf: ['application/pdf'],
  jpg: ['image/jpeg'],
  jpeg: ['image/jpeg'],
  png: ['image/png'],
  gif: ['image/gif'],
  tif: ['image/tiff'],
  tiff: ['image/tiff'],
  xml: ['application/xml', 'text/xml'],
  json: ['application/json'],
  txt: ['text/plain'],
  csv: ['text/csv'],
  odt: ['application/vnd.oasis.opendocument.text'],
  ods: ['application/vnd.oasis.opendocument.spreadsheet'],
  docx: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  xlsx: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  doc: ['application/msword'],
  xls: ['application/vnd.ms-excel'],
  zip: ['application/zip', 'application/x-zip-compressed'],
};

/** The type a file is sent as, one of those the démarche takes; undefined when it takes none that fits. */
export function mediaType(fileName: string, said: string, formats: readonly string[]): string | undefined {
  const ending = fileName.split('.').pop()?.toLowerCase() ?? '';
  const known = BY_ENDING[ending];
  if (known) return known.find((type) => formats.includes(type));
  return formats.find((type) => type === said);
}
