/** A tour of pages: rules of accessibility, what a screen reader is told, what they weigh. */
import { deepEqual, equal } from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, it } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext, signIn } from '../browser.ts';
import { openPost, type Post } from '../post.ts';
import { signInStrong } from '../strong.ts';
import { ariaFault } from './aria.ts';
import { findings } from './axe.ts';
import { hydrates, nameOf, PEOPLE, type Person, type Scene, type Visit } from './scene.ts';
import { clientOf, ISLANDS, overweight, type Weight, weigh, weightTable } from './weight.ts';

/** Screenshots to be looked at, one of each scene in each look, are written to this folder. */
const SHOTS = process.env['RELAIS_SHOTS'];
const STRONG: readonly Person[] = ['local administrator', 'technical delegate'];
const LOOKS = {
  light: { colorScheme: 'light', width: 1280, height: 900 },
  dark: { colorScheme: 'dark', width: 1280, height: 900 },
  phone: { colorScheme: 'light', width: 360, height: 740 },
} as const;
const SIDEWAYS = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
/** What does not come within that does not come. ms */
const LONGEST_MS = 20_000;

let stage: Post;
const weights = new Map<string, Weight>();
const desks = new Map<Person, Page>();
before(async () => {
  stage = await openPost();
  if (SHOTS) mkdirSync(SHOTS, { recursive: true });
});
after(async () => {
  console.log(weightTable(weights));
  await stage?.stop();
});

async function deskOf(who: Person): Promise<Page> {
  const found = desks.get(who);
  if (found) return found;
  const context = await openContext(stage.browser);
  context.setDefaultTimeout(LONGEST_MS);
  const page = await context.newPage();
  const name = PEOPLE[who];
  const url = `${stage.ground.portal}/accueil`;
  if (name) await (STRONG.includes(who) ? signInStrong : signIn)(page, url, name);
  if (name) await page.getByRole('heading', { level: 1, name: /^Bonjour/ }).waitFor();
  desks.set(who, page);
  return page;
}

/** The script has come, where there is one: what it adds to the page is there. That of islands has run when the page is loaded. */
const READY = `body:not(:has(script)), ${ISLANDS}, #svelte-announcer`;
const ready = async (page: Page): Promise<void> => {
  await page.waitForLoadState();
  await page.locator(READY).first().waitFor({ state: 'attached' });
};

async function visit(scene: Scene): Promise<Page> {
  const page = await deskOf(scene.who);
  const { ground } = stage;
  const at: Visit = {
    stage,
    page,
    go: async (path) => {
      await page.goto(`${ground.portal}${path}`);
      await ready(page);
    },
    fresh: (code = 'EtatCivil') => ground.depositAgain(code, ground.towns[0]!),
  };
  await scene.show(at);
  await ready(page);
  return page;
}

async function leave(scene: Scene): Promise<void> {
  if (!scene.ends) return;
  await desks.get(scene.who)?.context().close();
  desks.delete(scene.who);
}

export function tour(scenes: readonly Scene[]): void {
  for (const scene of scenes) {
    it(nameOf(scene), async () => {
      const page = await visit(scene);
      try {
        equal(await page.locator('h1').count(), 1, 'titles of the page');
        const faults: string[] = [];
        const client = await clientOf(page);
        if ((client === 'kit') !== hydrates(scene.route)) faults.push(`what brings it to life: ${client}`);
        const aria = scene.passing ? '' : await ariaFault(page, nameOf(scene));
        if (aria) faults.push(aria);
        for (const [look, { colorScheme, width, height }] of Object.entries(LOOKS)) {
          // Colours that are on their way to others are neither.
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          await page.setViewportSize({ width, height });
          faults.push(...(await findings(page, look === 'dark')).map((finding) => `${look}: ${finding}`));
          if (await page.evaluate<boolean>(SIDEWAYS)) faults.push(`${look}: scrolls sideways`);
          if (SHOTS) await page.screenshot({ path: `${SHOTS}/${nameOf(scene)}.${look}.png`, fullPage: true });
        }
        if (scene.weighed) {
          const weight = await weigh(page, page.url().replace(/\?\/.*/, ''));
          weights.set(nameOf(scene), weight);
          faults.push(...overweight(weight, client));
        }
        deepEqual(faults, []);
      } finally {
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize({ width: LOOKS.light.width, height: LOOKS.light.height });
        await leave(scene);
      }
    });
  }
}
