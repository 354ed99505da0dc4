/** Pages about people: rules of accessibility in each look. */
import { deepEqual, equal } from 'node:assert/strict';
import { it } from 'node:test';
import { addAuthenticator } from './authenticator.ts';
import { openContext } from './browser.ts';
import { inviteByMail, makePasskey } from './passkeys.ts';
import type { Post } from './post.ts';
import { findings } from './tour/axe.ts';

const TEMPLATE = { usage: 'Refus', name: 'Hors commune', text: 'Le dossier {numero} ne relève pas de notre commune.' };
const FILE = 'email;prenom;nom;role;demarches\r\nun@exemple.test;Camille;Exemple;agent;toutes\r\ndeux;;;;\r\n';

export function peoplePageTests(stage: () => Post): void {
  for (const look of [{}, { dark: true }, { phone: true }]) {
    const kind = Object.keys(look)[0] ?? 'light';
    it(`has no fault that a tool finds on these pages ${JSON.stringify(look)}`, async () => {
      const { ground, browser } = stage();
      const context = await openContext(browser, look);
      const page = await context.newPage();
      const faults: Record<string, string[]> = {};
      const shots = process.env['E2E_SHOTS'];
      const check = async (name: string): Promise<void> => {
        await page.getByRole('heading', { level: 1 }).waitFor();
        const found = await findings(page);
        const wide = await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
        if (wide) found.push('scrolls sideways');
        if (found.length > 0) faults[name] = found;
        equal(await page.locator('h1').count(), 1, name);
        if (shots) await page.screenshot({ path: `${shots}/${kind}-${name}.png`, fullPage: true });
      };
      const visit = async (path: string, name: string): Promise<void> => {
        await page.goto(`${ground.portal}${path}`);
        await check(name);
      };
      await addAuthenticator(page);
      await page.goto(`${ground.portal}/connexion/cle`);
      await page.getByRole('button', { name: 'Utiliser ma clé d’accès' }).waitFor();
      await check('cle');
      const email = `pages-${kind}@sans-proconnect.test`;
      const link = await inviteByMail(stage(), email);
      await page.goto(link);
      await page.getByRole('button', { name: 'Créer ma clé et me connecter' }).waitFor();
      await check('invitation');
      await makePasskey(page, link);
      await visit('/connexion/invitation', 'invitation-gone');
      await visit('/compte', 'compte');
      await page.goto(`${ground.portal}/compte/cles`);
      await page.getByRole('button', { name: 'Créer une autre clé' }).waitFor();
      await check('cles');
      await visit('/compte/absence', 'absence');
      await page.getByRole('button', { name: 'Enregistrer l’absence' }).click();
      await check('absence-errors');
      await visit('/organisation/agents', 'agents');
      await visit('/organisation/agents/inviter', 'inviter');
      await page.goto(`${ground.portal}/organisation/agents`);
      const other = page.locator('main a[href^="/organisation/agents/"]').last();
      const path = (await other.getAttribute('href')) ?? '';
      await visit(path, 'agent');
      await visit(`${path}/absence`, 'agent-absence');
      await visit('/organisation/agents/importer', 'importer');
      const buffer = Buffer.from(FILE);
      await page.getByLabel('Fichier CSV').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer });
      await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
      await page.getByRole('heading', { level: 1, name: 'Vérifier avant d’envoyer' }).waitFor();
      await check('importer-preview');
      await visit('/organisation/modeles', 'modeles');
      await visit('/organisation/modeles/nouveau', 'modele-new');
      await page.getByLabel('Nom', { exact: true }).fill(TEMPLATE.name);
      await page.getByRole('radio', { name: TEMPLATE.usage }).check();
      await page.getByLabel('Texte').fill(TEMPLATE.text);
      await page.getByRole('button', { name: 'Enregistrer le modèle' }).click();
      await page.getByText('enregistré.').waitFor();
      await check('modeles-one');
      await page
        .getByRole('link', { name: `Modifier le modèle « ${TEMPLATE.name} »` })
        .first()
        .click();
      await page.waitForURL(/modeles\/[0-9a-f-]{36}$/);
      await check('modele');
      const folder = await ground.deposit('EtatCivil', ground.towns[4]!);
      await page.goto(`${ground.portal}/dossiers/${folder.cases[0]!.id}`);
      await page.locator('#refuser summary').click();
      await check('dossier-modele');
      await context.close();
      deepEqual(faults, {});
    });
  }
}
