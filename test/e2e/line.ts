/** How soon a page is seen on a slow line and an old machine: the largest thing on it, from the first byte asked for. */
import type { CDPSession, Page } from 'playwright-core';

export interface Line {
  name: string;
  /** bytes a second, both ways */
  throughput: number;
  /** round trip, ms */
  latency: number;
  /** issue 5, 4.3, ms */
  most: number;
}

const KBIT = 1_000 / 8;
export const LINES: readonly Line[] = [
  { name: '1.6 Mbit/s, 300 ms', throughput: 1_600 * KBIT, latency: 300, most: 2_000 },
  { name: '400 kbit/s, 400 ms', throughput: 400 * KBIT, latency: 400, most: 3_500 },
];
/** Times this machine's processor is slowed. */
const SLOWER = 4;
/** The median of so many loads counts. */
const RUNS = 5;
const TRIES = 100;
const AGAIN_MS = 50;

/** Keeps the last candidate for the largest thing seen. */
const OBSERVE = `new PerformanceObserver((list) => {
  globalThis.relaisSeen = list.getEntries().at(-1).startTime;
}).observe({ type: 'largest-contentful-paint', buffered: true })`;

export const observe = (page: Page): Promise<unknown> => page.addInitScript(OBSERVE);

async function slow(cdp: CDPSession, { throughput, latency }: Line): Promise<void> {
  await cdp.send('Network.enable');
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency,
    downloadThroughput: throughput,
    uploadThroughput: throughput,
  });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
}

/** Asked again and again: the page's policy lets no condition of a text be watched. */
async function seen(page: Page): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await page.evaluate<number | undefined>('globalThis.relaisSeen');
    if (found) return found;
    await page.waitForTimeout(AGAIN_MS);
  }
  throw new Error('nothing was seen');
}

/** Milliseconds of each load of that page, the shortest first. Nothing is in the cache. */
export async function seenAfter(page: Page, url: string, line: Line): Promise<number[]> {
  const cdp = await page.context().newCDPSession(page);
  const times: number[] = [];
  try {
    await slow(cdp, line);
    for (let run = 0; run < RUNS; run += 1) {
      await page.goto('about:blank');
      await page.goto(url, { waitUntil: 'load' });
      times.push(await seen(page));
    }
  } finally {
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 1 });
    await cdp.detach();
  }
  return times.sort((a, b) => a - b);
}

export const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
