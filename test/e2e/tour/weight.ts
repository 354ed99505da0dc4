/** What a page weighs on the line, compressed as the portal sends it. */
import type { Page } from 'playwright-core';

/** Issue 5, 4.3. Bytes. */
const MOST = { css: 20_000, html: 12_000 } as const;
/** What brings a page to life, and bytes of it: Kit's client, as the issue has it; Svelte and the parts that live, 27 kB when this was written (decision 041), 33 with what speaks to authenticators. */
const MOST_JS = { kit: 60_000, passkey: 36_000, islands: 30_000, nothing: 0 } as const;
export type Client = keyof typeof MOST_JS;
export type Weight = Record<keyof typeof MOST | 'js', number>;

const KINDS: Readonly<Record<string, keyof Weight>> = { Stylesheet: 'css', Script: 'js', Document: 'html' };
/** No file of a page comes as long after the one before. ms */
const QUIET_MS = 800;
/** A page that is not quiet by then never is. ms */
const PATIENCE_MS = 20_000;

/** Loads that page anew, with nothing in the cache: the bodies, as they come. */
export async function weigh(page: Page, url: string): Promise<Weight> {
  const weight: Weight = { css: 0, js: 0, html: 0 };
  /** Kind and length of the headers of each file. */
  const begun = new Map<string, [kind: keyof Weight, headers: number]>();
  const cdp = await page.context().newCDPSession(page);
  const frames = await cdp.send('Page.getFrameTree');
  let last = performance.now();
  let latest = '';
  cdp.on('Network.responseReceived', ({ requestId, type, frameId, response }) => {
    last = performance.now();
    latest = response.url;
    const kind = KINDS[type];
    // A file that is shown is in a frame of its own.
    if (kind && frameId === frames.frameTree.frame.id) begun.set(requestId, [kind, response.encodedDataLength]);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    last = performance.now();
    const [kind, headers] = begun.get(requestId) ?? [];
    if (kind !== undefined && headers !== undefined) weight[kind] += encodedDataLength - headers;
  });
  try {
    await cdp.send('Network.enable');
    await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
    await page.goto(url);
    const until = performance.now() + PATIENCE_MS;
    while (performance.now() - last < QUIET_MS) {
      if (performance.now() > until) throw new Error(`${url} never stops loading: ${latest}`);
      await page.waitForTimeout(QUIET_MS / 4);
    }
  } finally {
    await cdp.detach();
  }
  return weight;
}

/** What is over its budget. */
export const overweight = (weight: Weight, client: Client): string[] => {
  const most: Weight = { ...MOST, js: MOST_JS[client] };
  return (Object.keys(most) as (keyof Weight)[])
    .filter((kind) => weight[kind] > most[kind])
    .map((kind) => `${weight[kind]} bytes of ${kind}, ${most[kind]} at most`);
};

export const ISLANDS = 'script[src="/_app/islands.js"]';
/** Kit begins its client by a script of the body; islands are one of the head. */
const KIT = 'body script';

export async function clientOf(page: Page): Promise<Client> {
  if ((await page.locator(KIT).count()) > 0) return 'kit';
  if ((await page.locator(ISLANDS).count()) === 0) return 'nothing';
  return (await page.locator('[data-island="passkey"]').count()) > 0 ? 'passkey' : 'islands';
}

export const weightTable = (weights: ReadonlyMap<string, Weight>): string =>
  [
    '| page | HTML | CSS | JavaScript |',
    '|-|-|-|-|',
    ...[...weights].map(([name, { html, css, js }]) => `| ${name} | ${html} | ${css} | ${js} |`),
  ].join('\n');
