/** Debian's Chromium, driven by playwright-core. Fetched when this runs as root and it is missing. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { executable, here, install } from '#ops/debian.ts';

export class MissingChromium extends Error {
  override name = 'MissingChromium';
}

export function chromiumBinary(): string {
  const found = executable('chromium');
  if (found) return found;
  const machine = here();
  const apt = executable('apt-get');
  if (machine.root && apt) install(apt, 'chromium');
  const installed = executable('chromium');
  if (installed && existsSync(installed)) return installed;
  throw new MissingChromium('chromium is missing. As root: apt-get install -y chromium');
}

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumBinary(), args: ['--no-sandbox'] });

export interface Look {
  script?: boolean;
  dark?: boolean;
  phone?: boolean;
}

export const openContext = (
  browser: Browser,
  { script = true, dark = false, phone = false }: Look = {},
): Promise<BrowserContext> =>
  browser.newContext({
    javaScriptEnabled: script,
    colorScheme: dark ? 'dark' : 'light',
    viewport: phone ? { width: 360, height: 740 } : { width: 1280, height: 900 },
    locale: 'fr-FR',
    acceptDownloads: true,
  });

/** Signs in as one of the demo's people, from wherever the portal sends who is not signed in. */
export async function signIn(page: Page, url: string, familyName: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: /S’identifier avec ProConnect|Se reconnecter/ }).click();
  await page.getByRole('button', { name: familyName }).click();
}
