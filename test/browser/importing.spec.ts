import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { startWorld, violationsOf, type World } from './world.ts';

const EXAMPLES = 'libs/programme/src/importing/examples';

let world: World;
let organiser: string;
const contexts: BrowserContext[] = [];

beforeAll(async () => {
  world = await startWorld();
  organiser = await world.person('importatrice@example.org', 'Inès Importe');
  await world.people.roles.grant(organiser, { role: 'organiser', eventId: world.stack.eventId });
});
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(() => world?.stop());

async function openImport(): Promise<Page> {
  const context = await world.context(organiser, { viewport: { width: 390, height: 844 } });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(`${world.stack.apiUrl}/organiser/import`);
  return page;
}

/** Fills in the fields of the first finding that blocks, and waits until the finding is gone. */
async function answer(page: Page, words: string, values: Record<string, string>): Promise<void> {
  const finding = page.locator('.findings li', { hasText: words }).first();
  for (const [label, value] of Object.entries(values)) await finding.getByLabel(label).first().fill(value);
  await finding.getByRole('button', { name: 'Enregistrer' }).click();
  await page.locator('.findings li', { hasText: words }).waitFor({ state: 'detached' });
}

describe('the page of imports', () => {
  it('makes an event of a published text without times, in a few answers', async () => {
    const page = await openImport();
    await page.locator('input[type=file]').setInputFiles('prisma/programme/source/raict-2024.txt');
    await page.getByRole('heading', { name: 'À régler avant d’importer (3)' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    // The words of the file stand beside the field.
    await page.locator('.findings li', { hasText: 'CFSI' }).locator('blockquote').first().waitFor();
    await answer(page, 'Entrées sans heure', { Date: '2035-05-11', Début: '09:30', 'Durée en minutes': '45' });
    await answer(page, '« Salle Étoile 3 »', { Places: '200' });
    await answer(page, '« Salle Longchamp »', { Places: '100' });
    // The address is checked when the programme is complete: the demonstration has it already.
    await answer(page, 'a déjà l’adresse « raict-2024 »', { 'Adresse de l’événement': 'raict-2035' });
    await page.getByText('Nouveaux : 15').waitFor();
    await page.getByRole('button', { name: 'Importer', exact: true }).click();
    await page.getByText('Le programme est importé.').waitFor();
    const { rows } = await world.database.pool.query(
      `select count(*)::int as cafes, min(c.starts_at) as starts from cafe c join event e on e.id = c.event_id
       where c.starts_at > '2035-01-01' group by e.id`,
    );
    expect(rows).toEqual([{ cafes: 12, starts: new Date('2035-05-11T07:30:00Z') }]);
  });

  it('names the errors of a table by row and column, and goes on after a reload', async () => {
    const page = await openImport();
    await page.locator('input[type=file]').setInputFiles(`${EXAMPLES}/programme-windows-1252.csv`);
    await page.getByText('ligne 5, colonne Fin · Jumelages').waitFor();
    await page.reload();
    const noon = page.locator('.findings li', { hasText: 'midi ou minuit' });
    await noon.getByRole('combobox').selectOption('12:00');
    await noon.getByRole('button', { name: 'Enregistrer' }).click();
    await noon.waitFor({ state: 'detached' });
    await page
      .locator('.findings li', { hasText: '10 cellules' })
      .getByRole('button', { name: 'Laisser cette entrée' })
      .click();
    await page.locator('.findings li', { hasText: '10 cellules' }).waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: 'À régler avant d’importer (2)' }).waitFor();
    await page.getByLabel('Contient : sans titre (H)').selectOption('keywords');
    await page.getByRole('row', { name: /Remarque/ }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
  });

  it('says why a file cannot be read, in the language of the page', async () => {
    const page = await openImport();
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a', 'hex') });
    await page.getByRole('alert').getByText('Ce fichier ne peut pas être lu').waitFor();
    await page.getByText('Cette sorte de fichier n’est pas lue').waitFor();
  });
});
