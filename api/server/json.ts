import { isUtf8 } from 'node:buffer';
import { formError, HttpError } from './errors.ts';
import type { Request } from './types.ts';

type Called = Pick<Request, 'calledMethod' | 'path'>;

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const BOM = '\ufeff';
const ESCAPED_NUL = /(?:^|[^\\])(?:\\\\)*\\u0000/;
const POSITION = /at position (\d+)/;

/** Text of body bytes. The bytes are copied: they may be gone after this. @throws HttpError 400 on wrong UTF-8 or NUL */
export function textOf(called: Called, bytes: Buffer): string {
  if (!isUtf8(bytes)) throw formError(called, 'body', 'The request body is not valid UTF-8');
  if (bytes.includes(0)) throw formError(called, 'body', 'The request body holds a NUL character');
  const text = bytes.toString('utf8');
  // RFC 8259 §8.1: a byte order mark may be ignored
  return text.startsWith(BOM) ? text.slice(1) : text;
}

/** Whether a text opens no more objects and arrays than that, in strings or not: most bodies are settled by it. */
function isFlat(text: string, limit: number): boolean {
  let left = limit;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      left -= 1;
      if (left < 0) return false;
    }
  }
  return true;
}

/** Depth first: a body nested without end must not reach the recursive code behind us. */
function depth(text: string, limit: number): boolean {
  if (isFlat(text, limit)) return true;
  let level = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === BACKSLASH) i += 1;
      else if (code === QUOTE) quoted = false;
    } else if (code === QUOTE) quoted = true;
    else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      level += 1;
      if (level > limit) return false;
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) level -= 1;
  }
  return true;
}

/**
 * A JSON body; undefined when it is empty (contract §2: never refused for that).
 * @throws HttpError 400 in the form of contract §4, never quoting the body
 */
export function parseJson(called: Called, text: string, maxDepth: number): unknown {
  if (text === '') return undefined;
  if (!depth(text, maxDepth)) throw formError(called, 'body', `The request body is nested more than ${maxDepth} deep`);
  // text columns and logs of clients' systems end at a NUL: none enters the hub, escaped or not
  if (text.includes('\\u0000') && ESCAPED_NUL.test(text)) {
    throw formError(called, 'body', 'The request body holds a NUL character');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (text.trim() === '') return undefined;
    const position = POSITION.exec((error as SyntaxError).message)?.[1];
    const where = position === undefined ? '' : ` at position ${position}`;
    throw formError(called, 'body', `Unable to parse JSON${where}`);
  }
}

export const tooLarge = (bytes: number): HttpError =>
  new HttpError(413, `Request Entity Too Large : the request body exceeds ${bytes} bytes`);
