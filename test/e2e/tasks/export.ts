/** Task 11: export the filtered list, print a bordereau. */
import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Download, Locator, Page } from 'playwright-core';
import type { Folder } from '#ops/demo/wire.ts';
import type { Ground } from '../ground.ts';
import { cellsOf, pdfInfo, pdfText, sheetText, withoutGuard } from '../programs.ts';

/** What the task needs of a scene: hands to act with, a page to look at. */
export interface ExportScene {
  stage: { ground: Ground };
  page: Page;
  hands: { press(what: Locator): Promise<void>; write(where: Locator, text: string): Promise<void> };
  begin(): void;
  end(): void;
}

const AGENT = 'Benali-Exemple';
/** As a reader of the page sees it: spaces that do not break are spaces. */
const spaced = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');
const WHITE = /\s+/g;

const ONE = { level: 1, name: 'Export de la liste' } as const;
/** Between two looks at an export that is being made, ms. */
const AGAIN_MS = 500;

/** The file a gesture asks for: taken at once, or, on a busy machine, from the page that tells it is ready. */
export async function taken(page: Page, act: () => Promise<void>): Promise<Download> {
  const first = page.waitForEvent('download');
  const list = page.url();
  const [begun] = await Promise.all([
    Promise.race([
      first,
      page
        .getByRole('heading', ONE)
        .waitFor()
        .then(() => null),
    ]),
    act(),
  ]);
  if (begun !== null) return begun;
  first.catch(() => undefined);
  const link = page.getByRole('main').getByRole('link', { name: 'Télécharger' });
  while ((await link.count()) === 0) {
    await page.waitForTimeout(AGAIN_MS);
    await page.reload();
  }
  const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
  await page.goto(list);
  return download;
}

/** What the list on the page shows, row by row: number, applicant, status. */
const shownRows = (page: Page): Promise<string[][]> =>
  page.locator('tbody tr[data-row]').evaluateAll((rows) =>
    (
      rows as unknown as {
        querySelector(what: string): { textContent: string } | null;
        children: { textContent: string }[];
      }[]
    ).map((row) => [
      (row.querySelector('th a')?.textContent ?? '').replace(/ \(.*/, '').trim(),
      (row.children[2]?.textContent ?? '').trim(),
    ]),
  );

/** The file has the rows of the list, in their order, and no other; both formats say the same. */
async function checkExport(page: Page, ods: Buffer, csv: Buffer): Promise<void> {
  const rows = cellsOf(csv.toString());
  const listed = await shownRows(page);
  ok(listed.length > 0);
  deepEqual(
    rows.slice(1).map(([number, applicant]) => [number, applicant]),
    listed,
  );
  deepEqual(rows[0]?.slice(0, 3), ['Numéro', 'Demandeur', 'Démarche']);
  deepEqual(cellsOf(sheetText(ods)), withoutGuard(rows));
}

/** The slip says what the case is, to eyes and to screen readers. */
export async function checkSlip({ admin }: Pick<Ground, 'admin'>, pdf: Buffer, folder: Folder): Promise<void> {
  const [first] = folder.cases;
  const { attachments } = await admin.getCase(first!.id);
  const { applicant } = await admin.get<{ applicant: { firstName: string; lastName: string } }>(
    `/teledossiers/v1/folders/${folder.id}`,
  );
  const text = spaced(pdfText(pdf)).replace(WHITE, ' ');
  const words = [first!.externalId, `${applicant.lastName} ${applicant.firstName}`, `/dossiers/${first!.id}`];
  for (const word of [...words, 'Établi le', 'par Nadia Benali-Exemple, officière d’état civil déléguée'])
    ok(text.includes(word), `${word} is not in: ${text}`);
  for (const file of attachments) {
    const bytes = await admin.getFile(first!.id, undefined, file);
    const digest = createHash('sha256').update(bytes).digest('hex');
    ok(text.includes(file.fileName.replace(WHITE, ' ')), file.fileName);
    ok(text.replaceAll(' ', '').includes(`SHA-256${digest}`), digest);
  }
  match(pdfInfo(pdf), /^Tagged:\s+yes$/m);
  match(pdfInfo(pdf), new RegExp(`^Title:\\s+Bordereau du dossier ${first!.externalId}$`, 'm'));
  const structure = pdfInfo(pdf, '-struct');
  for (const kind of ['Document', 'H1', 'H2', 'L', 'LBody']) match(structure, new RegExp(`^\\s*${kind}\\b`, 'm'));
}

/** Where a link leads, fetched with the page's own session: a browser shows a PDF in a reader of its own. */
export async function fetched(page: Page, path: string): Promise<{ type: string; bytes: Buffer }> {
  const answer = await page.request.get(new URL(path, page.url()).href);
  equal(answer.status(), 200);
  return { type: answer.headers()['content-type'] ?? '', bytes: await answer.body() };
}

export const exportTask = {
  number: 11,
  name: 'export the filtered list, print a bordereau',
  async run({ stage, page, hands, begin, end }: ExportScene): Promise<void> {
    const { ground } = stage;
    const folder = await ground.deposit('EtatCivil', ground.towns[0]!);
    await ground.deposit('EtatCivil', ground.towns[0]!);
    const number = folder.cases[0]!.externalId;
    await page.goto(`${ground.portal}/dossiers`);
    await hands.press(page.getByRole('button', { name: 'S’identifier avec ProConnect' }));
    await hands.press(page.getByRole('button', { name: AGENT }));
    begin();
    await hands.write(page.getByRole('searchbox'), number.replace(/\d{2}-\d{2}$/, ''));
    await hands.press(page.getByRole('button', { name: 'Chercher' }));
    await page.waitForURL(/q=/);
    const ods = await taken(page, () => hands.press(page.getByRole('button', { name: 'Exporter en tableur' })));
    match(ods.suggestedFilename(), /^dossiers_[\d-]+_\d\d-\d\d\.ods$/);
    await hands.press(page.getByRole('link', { name: number }));
    await page.getByRole('heading', { level: 1, name: number }).waitFor();
    const link = page.getByRole('link', { name: 'Imprimer le bordereau (PDF)' });
    const path = (await link.getAttribute('href')) ?? '';
    const asked = page.waitForRequest((request) => request.url().endsWith('/bordereau.pdf'));
    await hands.press(link);
    await asked;
    end();
    const slip = await fetched(page, path);
    equal(slip.type, 'application/pdf');
    await checkSlip(ground, slip.bytes, folder);
    await page.goto(`${ground.portal}/dossiers?q=${number.replace(/\d{2}-\d{2}$/, '')}`);
    const csv = await taken(page, () => page.getByRole('button', { name: 'Exporter en CSV' }).click());
    await checkExport(page, readFileSync(await ods.path()), readFileSync(await csv.path()));
  },
} as const;
