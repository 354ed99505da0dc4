import type { Page } from 'playwright-core';
import { signIn } from './browser.ts';

/** Signs in somebody whose role asks for a second factor. */
export async function signInStrong(page: Page, url: string, familyName: string): Promise<void> {
  await signIn(page, url, familyName);
  await page.getByRole('button', { name: 'Continuer avec un second facteur' }).click();
  await page.getByRole('button', { name: familyName }).click();
  await page.getByRole('button', { name: 'Confirmer avec mon second facteur' }).click();
}
