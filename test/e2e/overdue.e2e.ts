/**
 * A case nobody treated in time: deposited when the hub's clock, Redis', said five days ago, and looked at today, by nothing
 * but the passing of those days. `./hub test e2e/overdue`; RELAIS_SHOTS=FOLDER keeps pictures of it.
 */
import { deepEqual, equal, match } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type RedisServer, startRedis } from '#ops/redis/server.ts';
import { clockMissing, MovedClock } from '#test/chaos/clock.ts';
import { openBrowser, openContext, signIn } from './browser.ts';
import { type Ground, startGround } from './ground.ts';
import { findings } from './tour/axe.ts';

const AGENT = 'Benali-Exemple';
const SHOTS = process.env['RELAIS_SHOTS'];
const DAYS = 5;
const DAY_S = 86_400;
/** For the hub to follow its Redis over five days: its leases have all run out. ms */
const PATIENCE_MS = 60_000;
const LOOKS = [{}, { dark: true }, { phone: true }, { script: false }] as const;

let folder: string;
let redis: RedisServer | undefined;
let ground: Ground | undefined;
let browser: Browser | undefined;
/** Numbers of the case that is late, and of the one that has no delay. */
let late: { id: string; externalId: string };
let free: { externalId: string };

before(async () => {
  const missing = clockMissing();
  if (missing) throw new Error(missing);
  folder = mkdtempSync(join(tmpdir(), 'relais-overdue-'));
  const clock = new MovedClock(join(folder, 'clock'));
  clock.move(-DAYS * DAY_S);
  redis = await startRedis({ dir: join(folder, 'redis'), env: clock.env });
  ground = await startGround({ HUB_REDIS_URL: redis.url });
  late = (await ground.deposit('OTV', ground.towns[0]!)).cases[0]!;
  free = (await ground.deposit('CERTDC', ground.towns[0]!)).cases[0]!;
  clock.move(0);
  browser = await openBrowser();
  await today(browser, ground.portal);
});
after(async () => {
  await browser?.close();
  await ground?.stop();
  await redis?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Waits until the hub has come to today: before, it takes no sign-in, whose times are not those it knows. */
async function today(one: Browser, portal: string): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const context = await openContext(one);
    try {
      const page = await context.newPage();
      await signIn(page, `${portal}/accueil`, AGENT);
      await page.waitForURL(/\/accueil$|\/connexion\/refus/);
      if (page.url().endsWith('/accueil')) return;
      if (Date.now() > end) throw new Error('the hub does not follow its Redis');
    } finally {
      await context.close();
    }
  }
}

/** Home counts it once the hub has come to today. */
async function homeWithIt(page: Page): Promise<void> {
  const tile = page.getByRole('link', { name: '1 dossier échu' });
  await signIn(page, `${ground!.portal}/accueil`, AGENT);
  for (const end = Date.now() + PATIENCE_MS; !(await tile.isVisible()) && Date.now() < end; )
    await page.goto(`${ground!.portal}/accueil`);
  await tile.waitFor();
}

describe('a case whose deadline has passed', () => {
  for (const look of LOOKS) {
    const name = Object.keys(look)[0] ?? 'light';
    const looked = async (page: Page, what: string): Promise<void> => {
      if (!('script' in look)) deepEqual(await findings(page, 'dark' in look), [], what);
      if (!SHOTS) return;
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `overdue-${what}.${name}.png`), fullPage: true });
    };

    it(`is seen at home, in its view and on its page (${name})`, async () => {
      const context = await openContext(browser!, look);
      try {
        const page = await context.newPage();
        await homeWithIt(page);
        await page.getByRole('row', { name: late.externalId }).getByText('Dépassée').waitFor();
        equal(await page.getByText('Dépassée').count(), 1);
        await looked(page, 'home');
        await page.getByRole('link', { name: '1 dossier échu' }).click();
        await page.getByRole('heading', { level: 1 }).waitFor();
        match(page.url(), /vue=echus/);
        equal(await page.getByRole('link', { name: free.externalId }).count(), 0);
        const row = page.locator('tr', { hasText: late.externalId });
        await row.getByText('Dépassée').waitFor();
        await looked(page, 'list');
        await row.getByRole('link', { name: late.externalId }).click();
        await page.getByRole('heading', { level: 1, name: late.externalId }).waitFor();
        await page.locator('.identity').getByText('Dépassée').waitFor();
        await looked(page, 'case');
      } finally {
        await context.close();
      }
    });
  }
});
