/** What pages and files are sent with. What is on them: test/e2e/tour. */
import { equal, match, ok } from 'node:assert/strict';
import { it } from 'node:test';
import { openContext, signIn } from './browser.ts';
import type { Stage } from './stage.ts';

export function pageTests(stage: () => Stage): void {
  it('lets no script of others run, and nobody frame it', async () => {
    const answer = await fetch(`${stage().ground.portal}/connexion`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    match(policy, /default-src 'self'/);
    // No other but those of this site: where Kit's client comes, its first lines by their nonce.
    match(policy, /script-src 'self'( 'nonce-[^']+')?;/);
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
