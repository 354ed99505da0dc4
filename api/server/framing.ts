import type { HttpRequest } from 'uWebSockets.js';

/**
 * Headers that say where a request ends, or who sends it. uWebSockets takes the first of several and reads any
 * transfer coding as `chunked`; a proxy in front may take the last, or see no body at all. What two readers can read
 * in two ways is how a request is smuggled into another's connection: it is refused, and its connection closed
 * (RFC 9112 §6.3, §11.2).
 */
const ONCE: ReadonlyMap<string, number> = new Map([
  ['content-length', 1],
  ['transfer-encoding', 2],
  ['authorization', 4],
  ['host', 8],
]);

/** True when another reader could understand this request otherwise than uWebSockets does. */
export function isAmbiguous(req: HttpRequest): boolean {
  let seen = 0;
  let ambiguous = false;
  req.forEach((name, value) => {
    const bit = ONCE.get(name);
    if (bit === undefined) return;
    if ((seen & bit) !== 0) ambiguous = true;
    seen |= bit;
    if (bit === 1 && value === '') ambiguous = true;
    if (bit === 2 && value.toLowerCase() !== 'chunked') ambiguous = true;
  });
  return ambiguous;
}
