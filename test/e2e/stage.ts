/** One ground and one browser for all tests of a file. */
import type { Browser } from 'playwright-core';
import { openBrowser } from './browser.ts';
import { type Ground, startGround } from './ground.ts';

export interface Stage {
  ground: Ground;
  browser: Browser;
  stop(): Promise<void>;
}

/** @param settings of the product */
export async function openStage(settings: Record<string, string> = {}): Promise<Stage> {
  const ground = await startGround(settings);
  try {
    const browser = await openBrowser();
    const stop = async () => {
      await browser.close();
      await ground.stop();
    };
    return { ground, browser, stop };
  } catch (error) {
    await ground.stop();
    throw error;
  }
}
