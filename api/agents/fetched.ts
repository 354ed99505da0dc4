/** A provider that does not answer by then is away, ms. */
const DEADLINE_MS = 5_000;
/** Keys and addresses of a provider take some kilobytes. */
const MAX_BYTES = 256 * 1024;

/** JSON from an address of the configuration, or one it leads to: no redirection, bounded in time and size. @throws Error */
export async function fetchJson(address: string, signal?: AbortSignal): Promise<unknown> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const response = await fetch(address, {
    redirect: 'error',
    signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    headers: { Accept: 'application/json' },
  });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new Error('answer too large');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
