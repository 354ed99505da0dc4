/** Every page: rules of accessibility, weight, headers. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { openContext, signIn } from './browser.ts';
import type { Stage } from './stage.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Issue 5, 4.3. Bytes, compressed. */
const MOST_CSS = 20_000;
const MOST_JS = 60_000;
const MOST_LIST = 12_000;

interface Finding {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async (values) => {
    const { axe } = globalThis as unknown as {
      axe: { run(what: unknown, how: unknown): Promise<{ violations: Finding[] }> };
    };
    return (await axe.run({ exclude: [['iframe']] }, { runOnly: { type: 'tag', values } })).violations;
  }, RULES);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** Those for everybody, and those of an agent; `{case}` and `{piece}` are filled in. */
const OPEN = [
  '/connexion',
  '/connexion/expiree?perdu=1',
  '/connexion/renforcee',
  ...['agent-unknown', 'agent-suspended', 'email-unverified', 'acr-too-low', 'siret-missing', 'stale', 'provider'].map(
    (reason) => `/connexion/refus?raison=${reason}`,
  ),
  '/deconnexion/faite',
  '/accessibilite',
  '/mentions-legales',
  '/donnees-personnelles',
  '/cookies',
  '/aide',
  '/nulle-part',
];
const OWN = [
  '/accueil',
  '/compte',
  '/dossiers',
  '/dossiers?vue=tous&tri=demandeur&ordre=desc',
  '/dossiers?vue=traites&q=personne&nonlu=1',
  '/dossiers/{case}',
  '/dossiers/{case}/pieces/{piece}',
  '/dossiers/00000000-0000-4000-8000-000000000000',
  '/deconnexion',
];

export function pageTests(stage: () => Stage): void {
  for (const look of [{}, { dark: true }, { phone: true }]) {
    it(`has no fault that a tool finds on any page ${JSON.stringify(look)}`, async () => {
      const { ground, browser } = stage();
      const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
      const fill = (path: string) =>
        path.replace('{case}', folder.cases[0]!.id).replace('{piece}', folder.attachments[0]!.id);
      const context = await openContext(browser, look);
      const page = await context.newPage();
      const faults: Record<string, string[]> = {};
      const visit = async (path: string) => {
        await page.goto(`${ground.portal}${fill(path)}`);
        const found = await findings(page);
        if (found.length > 0) faults[path] = found;
        const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
        if (wide) faults[path] = [...(faults[path] ?? []), 'scrolls sideways'];
        equal(await page.locator('h1').count(), 1, path);
      };
      for (const path of OPEN) await visit(path);
      await signIn(page, `${ground.portal}/accueil`, 'Benali-Exemple');
      await page.waitForURL(/accueil/);
      for (const path of OWN) await visit(path);
      await page.goto(`${ground.portal}${fill('/dossiers/{case}')}`);
      for (const summary of await page.locator('aside summary').all()) await summary.click();
      deepEqual(await findings(page), [], 'forms unfolded');
      await context.close();
      deepEqual(faults, {});
    });
  }

  it('stays light', async () => {
    const { ground, browser } = stage();
    for (let index = 0; index < 50; index++) await ground.deposit('EtatCivil', ground.towns[0]!);
    const context = await openContext(browser);
    const page = await context.newPage();
    await signIn(page, `${ground.portal}/accueil`, 'Benali-Exemple');
    await page.waitForURL(/accueil/);
    for (const path of ['/accueil', '/dossiers']) {
      const sizes = { css: 0, js: 0, html: 0 };
      const reading: Promise<void>[] = [];
      page.on('response', (response) => {
        const type = response.headers()['content-type'] ?? '';
        const kind = type.includes('css')
          ? 'css'
          : type.includes('javascript')
            ? 'js'
            : type.includes('html')
              ? 'html'
              : null;
        if (!kind) return;
        reading.push(
          response.body().then(
            (body) => {
              sizes[kind] += gzipSync(body).length;
            },
            () => undefined,
          ),
        );
      });
      await page.goto(`${ground.portal}${path}`, { waitUntil: 'networkidle' });
      await Promise.all(reading);
      page.removeAllListeners('response');
      ok(sizes.css > 0 && sizes.css <= MOST_CSS, `${path}: ${sizes.css} bytes of CSS`);
      ok(sizes.js > 0 && sizes.js <= MOST_JS, `${path}: ${sizes.js} bytes of JavaScript`);
      ok(sizes.html <= MOST_LIST, `${path}: ${sizes.html} bytes of HTML`);
    }
    await context.close();
  });

  it('lets no script of others run, and nobody frame it', async () => {
    const answer = await fetch(`${stage().ground.portal}/connexion`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    match(policy, /default-src 'self'/);
    match(policy, /script-src 'self' 'nonce-[^']+'/);
    match(policy, /frame-ancestors 'none'/);
    ok(!policy.includes("'unsafe-inline'") && !policy.includes("'unsafe-eval'"));
    equal(answer.headers.get('x-content-type-options'), 'nosniff');
    const forged = await fetch(`${stage().ground.portal}/organisation/choisir`, {
      method: 'POST',
      headers: { Origin: 'https://autre.test' },
      body: new URLSearchParams({ organisation: 'x' }),
    });
    equal(forged.status, 403);
  });

  it('serves files from the other host only, and nothing else there', async () => {
    const { ground, browser } = stage();
    const context = await openContext(browser);
    const page = await context.newPage();
    const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
    await signIn(
      page,
      `${ground.portal}/dossiers/${folder.cases[0]!.id}/pieces/${folder.attachments[1]!.id}`,
      'Benali-Exemple',
    );
    const source = new URL((await page.locator('iframe').getAttribute('src')) ?? '');
    const answer = await fetch(source);
    match(answer.headers.get('content-security-policy') ?? '', /sandbox/);
    match(answer.headers.get('content-type') ?? '', /^text\/plain/);
    equal((await fetch(`${source.origin}/connexion`)).status, 404);
    equal((await fetch(`${ground.portal}${source.pathname}`)).status, 404);
    equal((await fetch(`${source.origin}${source.pathname.replace('/fichiers/', '/fichiers/A')}`)).status, 410);
    await context.close();
  });
}
