/** Pages are sent compressed: on a line of 400 kbit/s a list of a hundred rows would take over a second without. */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Pages, and their data when a script asks for it. The files of the build are compressed when it is built. */
const PAGES = /^(?:text\/html|application\/json|text\/sveltekit-data)\b/;
/** Shorter ones fit into one packet as they are. Bytes. */
const LEAST = 1_000;
/** 60 kB of a list in about a millisecond, within a tenth of what the highest quality would give in fifty. */
const QUALITY = 5;

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/**
 * The same answer in the best encoding the request accepts. A session's cookie is SameSite=Lax: no page of somebody else
 * can ask for one of ours in the agent's name over and over, and learn from its length what is in it (BREACH).
 */
export async function compressed(request: Request, response: Response): Promise<Response> {
  const { headers, status } = response;
  const isFile = headers.has('content-disposition') || headers.has('content-encoding');
  if (!response.body || isFile || !PAGES.test(headers.get('content-type') ?? '')) return response;
  headers.append('vary', 'Accept-Encoding');
  const accepted = request.headers.get('accept-encoding') ?? '';
  const encoding = accepts(accepted, 'br') ? 'br' : accepts(accepted, 'gzip') ? 'gzip' : null;
  if (!encoding) return response;
  const bytes = Buffer.from(await response.arrayBuffer());
  if (bytes.length < LEAST) return new Response(bytes, { status, headers });
  const params = { [constants.BROTLI_PARAM_QUALITY]: QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const body = encoding === 'br' ? await brotli(bytes, { params }) : await zip(bytes);
  headers.set('content-encoding', encoding);
  headers.set('content-length', String(body.length));
  return new Response(body, { status, headers });
}

/** Whether an encoding is named in `Accept-Encoding`, and not by `;q=0`. */
const accepts = (header: string, encoding: string): boolean =>
  header.split(',').some((one) => {
    const [name, ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    return name === encoding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
