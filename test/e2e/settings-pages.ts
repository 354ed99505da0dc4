/** Pages of settings and of help: rules of accessibility in each look. */
import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import { openContext } from './browser.ts';
import { findings } from './pages.ts';
import type { Stage } from './stage.ts';
import { signInStrong } from './strong.ts';

/** `{agent}` and `{subscription}` are filled in. */
const PATHS = [
  '/organisation',
  '/organisation/agents',
  '/organisation/agents/inviter',
  '/organisation/agents/{agent}',
  '/organisation/agents/{agent}/retirer',
  '/organisation/abonnements',
  '/organisation/abonnements/{subscription}',
  '/compte',
  '/compte/notifications',
];
const OPEN = [
  '/aide',
  '/accessibilite',
  '/mentions-legales',
  '/donnees-personnelles',
  '/cookies',
  '/plan-du-site',
  '/demo',
];

export function settingsPageTests(stage: () => Stage): void {
  for (const look of [{}, { dark: true }, { phone: true }]) {
    it(`has no fault that a tool finds on these pages ${JSON.stringify(look)}`, async () => {
      const { ground, browser } = stage();
      const context = await openContext(browser, look);
      const page = await context.newPage();
      const faults: Record<string, string[]> = {};
      const shots = process.env['E2E_SHOTS'];
      const visit = async (path: string, name = path) => {
        await page.goto(`${ground.portal}${path}`);
        const found = await findings(page);
        const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
        if (wide) found.push('scrolls sideways');
        if (found.length > 0) faults[name] = found;
        equal(await page.locator('h1').count(), 1, name);
        const file = `${Object.keys(look)[0] ?? 'light'}${name.replaceAll(/[/{}]/g, '_')}.png`;
        if (shots) await page.screenshot({ path: `${shots}/${file}`, fullPage: true });
      };
      for (const path of OPEN) await visit(path);
      await signInStrong(page, `${ground.portal}/organisation/agents`, 'Fontaine-Fictif');
      const first = (pattern: string) => page.locator(`main a[href^="${pattern}"]`).last().getAttribute('href');
      const agent = ((await first('/organisation/agents/')) ?? '').split('/')[3] as string;
      await page.goto(`${ground.portal}/organisation/abonnements`);
      const subscription = ((await first('/organisation/abonnements/')) ?? '').split('/')[3] as string;
      for (const path of PATHS) {
        await visit(path.replace('{agent}', agent).replace('{subscription}', subscription), path);
      }
      await page.getByRole('heading', { level: 1 }).waitFor();
      await context.close();
      deepEqual(faults, {});
    });
  }
}
