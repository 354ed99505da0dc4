/**
 * Pages on a slow line, with the processor slowed: `./hub test e2e/line`, on a machine that does nothing else.
 *
 * The line is Chromium's emulation in front of loopback: handshakes of TLS and names are not in it.
 */
import { ok } from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Page } from 'playwright-core';
import { openContext, signIn } from './browser.ts';
import { LINES, median, observe, seenAfter } from './line.ts';
import { openStage, type Stage } from './stage.ts';

/** More than a page of the list holds. */
const CASES = 101;

let stage: Stage;
let page: Page;
let one = '';
const rows: string[] = [];
before(async () => {
  stage = await openStage();
  const { ground, browser } = stage;
  for (let made = 0; made < CASES; made += 1) {
    one = (await ground.deposit('EtatCivil', ground.towns[0]!)).cases[0]!.id;
  }
  page = await (await openContext(browser)).newPage();
  await observe(page);
  await signIn(page, `${ground.portal}/accueil`, 'Benali-Exemple');
  await page.getByRole('heading', { level: 1, name: /^Bonjour/ }).waitFor();
});
after(async () => {
  console.log(['| page | line | median | of |', '|-|-|-|-|', ...rows].join('\n'));
  await stage?.stop();
});

const PAGES: readonly [name: string, path: () => string][] = [
  ['sign-in', () => '/deconnexion/faite'],
  ['home', () => '/accueil'],
  ['full list', () => '/dossiers?vue=tous'],
  ['case', () => `/dossiers/${one}`],
];

for (const line of LINES) {
  for (const [name, path] of PAGES) {
    it(`shows ${name} within ${line.most} ms at ${line.name}`, async () => {
      const times = await seenAfter(page, `${stage.ground.portal}${path()}`, line);
      const told = times.map((time) => Math.round(time));
      rows.push(`| ${name} | ${line.name} | ${Math.round(median(times))} ms | ${told.join(', ')} |`);
      ok(median(times) <= line.most, `${told.join(', ')} ms`);
    });
  }
}
