/** The demonstration space, made new from its page. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { inviteAgents } from '#ops/demo/agents.ts';
import { demarches } from '#ops/demo/france/demarches.ts';
import { Http } from '#ops/demo/http.ts';
import { Ledger } from '#ops/demo/ledger.ts';
import { Space } from '#ops/demo/space/space.ts';
import { spaceAgents, spaceTown } from '#ops/demo/space/town.ts';
import { openContext } from './browser.ts';
import type { Post } from './post.ts';

export function demoTests(stage: () => Post): void {
  it('is made new by one button, without JavaScript: six cases wait, and visitors’ traces are gone', async () => {
    const { ground, browser, door } = stage();
    const { admin } = ground;
    const folder = mkdtempSync(join(tmpdir(), 'relais-space-'));
    const [http, ledger, path] = [
      new Http(ground.api),
      new Ledger(join(folder, 'l.jsonl')),
      join(folder, 'space.json'),
    ];
    const context = await openContext(browser, { script: false });
    try {
      const page = await context.newPage();
      await page.goto(`${ground.portal}/connexion`);
      await page.getByRole('link', { name: 'Découvrir avec l’espace de démonstration' }).click();
      await page.getByRole('button', { name: 'Remettre l’espace à neuf' }).click();
      await page.getByRole('link', { name: /pas encore prêt/ }).waitFor();
      const space = new Space({ http, admin, ledger, demarches, path });
      await space.open();
      await inviteAgents(admin, spaceAgents);
      await space.fill();
      door.leadsTo(() => space.reset());
      const cases = (): string[] => JSON.parse(readFileSync(path, 'utf8')).cases;
      const statuses = (ids: string[]) => Promise.all(ids.map(async (id) => (await admin.getCase(id)).status));
      const first = cases();
      deepEqual(new Set(await statuses(first)), new Set(['HUBEE_NOTIFIED']));
      const organization = spaceTown.identity;
      await admin.post('/relais/v1/agents', { email: 'visiteur@valbourg-demo.test', role: 'agent', organization });
      await page.getByRole('button', { name: 'Remettre l’espace à neuf' }).click();
      await page.getByText('L’espace est neuf : six dossiers attendent.').waitFor();
      const second = cases();
      equal(second.length, 6);
      ok(second.every((id) => !first.includes(id)));
      deepEqual(new Set(await statuses(first)), new Set(['DONE']));
      deepEqual(new Set(await statuses(second)), new Set(['HUBEE_NOTIFIED']));
      const staff = await admin.get<unknown[]>(`/relais/v1/agents?${new URLSearchParams({ ...organization })}`);
      equal(staff.length, spaceAgents.length);
    } finally {
      await context.close();
      ledger.close();
      http.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
