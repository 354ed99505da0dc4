/** Media types in words, and as a browser's file picker wants them. */

const WORDS: Readonly<Record<string, string>> = {
  'application/pdf': 'PDF',
  'image/jpeg': 'JPEG',
  'image/png': 'PNG',
  'application/xml': 'XML',
  'text/xml': 'XML',
  'application/json': 'JSON',
  'text/plain': 'TXT',
  'text/csv': 'CSV',
  'application/zip': 'ZIP',
  'application/vnd.oasis.opendocument.text': 'ODT',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'DOCX',
};

export const formatWords = (formats: readonly string[]): string =>
  [...new Set(formats.map((type) => WORDS[type] ?? type))].join(', ');

export const accepted = (formats: readonly string[]): string => formats.join(',');
