import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { waitFor } from '../support/index.ts';
import { faultsOf, startWorld, type World } from './world.ts';

let world: World;
let codes: string[];
const contexts: BrowserContext[] = [];
let people = 0;

beforeAll(async () => {
  world = await startWorld();
  const rows = await world.database.pool.query<{ code: string }>('select code from cafe order by starts_at, position');
  codes = rows.rows.map(({ code }) => code);
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(() => world?.stop());

const idOf = (code: string | undefined) => world.cafeIds.get(code ?? '') ?? '';
const newEmail = () => `guest-${++people}@example.org`;
const take = (attendeeId: string, code: string | undefined) =>
  world.seats.claim({ cafeId: idOf(code), attendeeId, guest: false });

async function open(path: string, attendeeId?: string, options?: BrowserContextOptions): Promise<Page> {
  const context = await world.context(attendeeId, { viewport: { width: 390, height: 844 }, ...options });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(world.stack.apiUrl + path);
  await page.locator('main h1').first().waitFor();
  return page;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** What an address has in a Café, by the server. */
async function statusOf(email: string, code: string | undefined): Promise<string | undefined> {
  const person = await world.people.attendeeOf(email);
  const theirs = person ? await world.seats.registrationsOf(person.attendeeId) : [];
  return theirs.find(({ cafeId }) => cafeId === idOf(code))?.status;
}

/** The askings of an address that are good still, the newest first. */
async function challengesOf(email: string): Promise<string[]> {
  const { rows } = await world.database.pool.query<{ id: string }>(
    'select id from sign_in_challenge where email = $1 and used_at is null and not reusable order by id desc',
    [email],
  );
  return rows.map(({ id }) => id);
}

/** The six digits of what was asked for last. */
async function codeOf(email: string): Promise<string> {
  return world.people.signInCode((await challengesOf(email))[0] ?? '');
}

async function claim(page: Page, email: string, name = 'Awa Diop'): Promise<void> {
  await button(page, 'Prendre une place').click();
  await page.getByLabel('Nom').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await button(page, 'Prendre une place').click();
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code à six chiffres').fill(code);
  await page.keyboard.press('Enter');
}

const focused = (page: Page, what: 'name' | 'textContent') =>
  page.evaluate<string>(`document.activeElement === document.body ? '' : document.activeElement.${what}`);
const focusIsOn = (page: Page, text: string) =>
  waitFor(async () => (await focused(page, 'textContent')).includes(text), { what: `the focus to be on “${text}”` });

describe('a seat that is kept for somebody without a session', () => {
  it('shows on the programme and in the plan of the browser that took it, until its code is typed', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[0])}`);
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.goto(world.stack.apiUrl);
    await page.locator(`[data-cafe="${codes[0]}"]`, { hasText: 'Votre place, à confirmer' }).waitFor();
    await page.locator(`[data-cafe="${codes[1]}"]`, { hasText: 'Même heure que' }).waitFor();
    await page.getByRole('link', { name: 'Mon plan' }).click();
    await page.getByText('Sur cet appareil, à confirmer').waitFor();
    await page
      .locator('.guest-seats', { hasText: email })
      .getByText(/^Gardée jusqu’à /)
      .waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe(email);
    expect(await faultsOf(page)).toEqual([]);
    await page.locator('.guest-seats').getByRole('link').click();
    await typeCode(page, await codeOf(email));
    await page.getByText('Votre place est confirmée').waitFor();
    await focusIsOn(page, 'Votre place est confirmée');
    expect(await statusOf(email, codes[0])).toBe('confirmed');
    await button(page, /^Me déconnecter/).click();
    await page.getByRole('link', { name: 'Connexion' }).waitFor();
    await page.locator(`[data-cafe="${codes[0]}"]`).waitFor();
    expect(await page.getByText('Votre place, à confirmer').count()).toBe(0);
  });

  it('is gone from the device with whoever signs out there, whoever they are', async () => {
    const page = await open(`/cafes/${idOf(codes[0])}`);
    await claim(page, newEmail());
    await page.getByText('Une place vous est gardée').waitFor();
    const other = newEmail();
    await world.person(other, 'Quelqu’un d’autre');
    await page.getByRole('link', { name: 'Connexion' }).click();
    await page.getByLabel('E-mail').fill(other);
    await page.getByLabel('E-mail').press('Enter');
    await page.getByLabel('Code à six chiffres').waitFor();
    await typeCode(page, await codeOf(other));
    await button(page, /^Me déconnecter/).click();
    await page.getByRole('link', { name: 'Mon plan' }).click();
    await page.getByLabel('E-mail').waitFor();
    expect(await page.locator('.guest-seats').count()).toBe(0);
  });

  it('says when a code has no tries left, and is confirmed with a new one', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[0])}`);
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    const right = await codeOf(email);
    const wrong = right === '000000' ? '111111' : '000000';
    for (let tries = 1; tries <= 5; tries++) {
      const answered = page.waitForResponse('**/sign-in/verify');
      await typeCode(page, wrong);
      await answered;
      await page.getByRole('alert').waitFor();
      await button(page, 'Confirmer').waitFor();
      expect(await page.getByText('Cinq essais ont échoué').count()).toBe(tries === 5 ? 1 : 0);
    }
    await typeCode(page, right);
    await page.getByText('Cinq essais ont échoué').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await button(page, 'Renvoyer un code').click();
    await page.getByText(`Un nouveau code part à ${email}`).waitFor();
    expect(await page.getByText('Cinq essais ont échoué').count()).toBe(0);
    await typeCode(page, await codeOf(email));
    await page.getByText('Votre place est confirmée').waitFor();
    expect(await statusOf(email, codes[0])).toBe('confirmed');
  });

  it('is claimed again with the right address, and says when the first is free again', async () => {
    const [mistyped, right] = [newEmail(), newEmail()];
    const page = await open(`/cafes/${idOf(codes[2])}`);
    await claim(page, mistyped, 'Zoé Núñez');
    await button(page, 'Ce n’est pas la bonne adresse').click();
    await page.getByText(new RegExp(`La place gardée pour ${mistyped} se libère d’elle-même à \\d`)).waitFor();
    expect(await page.getByLabel('Nom').inputValue()).toBe('Zoé Núñez');
    expect(await page.getByLabel('E-mail').inputValue()).toBe(mistyped);
    expect(await focused(page, 'name')).toBe('email');
    await button(page, 'Fermer').click();
    await page.getByText(`Nous avons écrit à ${mistyped}`).waitFor();
    await button(page, 'Ce n’est pas la bonne adresse').click();
    await page.getByLabel('E-mail').fill(right);
    await button(page, 'Prendre une place').click();
    await page.getByText(`Nous avons écrit à ${right}`).waitFor();
    await page.reload();
    await page.getByText(`Nous avons écrit à ${right}`).waitFor();
    await typeCode(page, await codeOf(right));
    await page.getByText('Votre place est confirmée').waitFor();
    expect([await statusOf(right, codes[2]), await statusOf(mistyped, codes[2])]).toEqual(['confirmed', 'held']);
  });

  it('stands in the way of another at that time until its code is typed; then it is swapped', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[0])}`);
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    await page.goto(`${world.stack.apiUrl}/cafes/${idOf(codes[1])}`);
    await claim(page, email);
    await page.getByText('Vous avez déjà une place à cette heure').waitFor();
    await page.getByText('Confirmez d’abord votre adresse').waitFor();
    expect(await page.getByText('Libérez ces places dans votre plan').count()).toBe(0);
    await typeCode(page, await codeOf(email));
    await button(page, 'Échanger contre cette place').click();
    await page.getByText('Votre place est confirmée').waitFor();
    expect([await statusOf(email, codes[0]), await statusOf(email, codes[1])]).toEqual(['cancelled', 'confirmed']);
  });
});

describe('somebody known who claims while signed out', () => {
  it('types the one code that was sent where they are, and swaps there', async () => {
    const email = newEmail();
    const attendeeId = await world.person(email, 'Paul Ndiaye');
    await take(attendeeId, codes[0]);
    const page = await open(`/cafes/${idOf(codes[1])}`);
    await claim(page, email);
    await page.getByText(`Nous venons d’écrire à ${email}`).waitFor();
    await focusIsOn(page, 'Nous connaissons déjà cette adresse');
    const owed = await world.database.pool.query(
      `select from outbox o join sign_in_challenge c on c.id = o.challenge_id where c.email = $1`,
      [email],
    );
    expect(owed.rowCount).toBe(1);
    await typeCode(page, await codeOf(email));
    await page.getByText('Vous avez déjà une place à cette heure').waitFor();
    await focusIsOn(page, 'Échanger contre cette place');
    expect(new URL(page.url()).pathname).toBe(`/cafes/${idOf(codes[1])}`);
    const title = await page.locator('.note.clash a').first().textContent();
    await button(page, 'Échanger contre cette place').press('Enter');
    await page.getByText('Votre place est confirmée').waitFor();
    await page.getByText(`Votre place à «\u00a0${title}\u00a0» est rendue.`).waitFor();
    await focusIsOn(page, 'Votre place est confirmée');
    expect([await statusOf(email, codes[0]), await statusOf(email, codes[1])]).toEqual(['cancelled', 'confirmed']);
  });
});

describe('the focus', () => {
  it('goes to the form that opens, back to its button, and to the answer; nobody’s is taken by opening the page', async () => {
    const page = await open(`/cafes/${idOf(codes[3])}`);
    await button(page, 'Prendre une place').press('Enter');
    await waitFor(async () => (await focused(page, 'name')) === 'name', { what: 'the focus to be on the name' });
    await button(page, 'Fermer').press('Enter');
    await focusIsOn(page, 'Prendre une place');
    await claim(page, newEmail());
    await focusIsOn(page, 'Une place vous est gardée');
    await page.reload();
    await page.getByText('Une place vous est gardée').waitFor();
    // What is pushed draws the page again.
    const before = await page.locator('.seats-line').textContent();
    await take(await world.person(newEmail(), 'Quelqu’un'), codes[3]);
    await waitFor(async () => (await page.locator('.seats-line').textContent()) !== before, {
      what: 'one seat fewer on the page',
    });
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
  });
});

describe('the link of a message', () => {
  const linkTo = async (email: string, code: string | undefined) => {
    const person = await world.people.attendeeOf(email);
    const theirs = await world.seats.registrationsOf(person?.attendeeId ?? '');
    const mine = theirs.find(({ cafeId }) => cafeId === idOf(code));
    const link = new URL(world.people.signInLink((await challengesOf(email))[0] ?? '', `/registrations/${mine?.id}`));
    return link.pathname + link.search;
  };

  it('leads to the ticket of a seat that was confirmed with the code, and offers nothing to confirm', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[4])}`);
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    const link = await linkTo(email, codes[4]);
    await typeCode(page, await codeOf(email));
    await page.getByText('Votre place est confirmée').waitFor();
    await page.goto(world.stack.apiUrl + link);
    await page.getByRole('heading', { name: 'C’est déjà confirmé' }).waitFor();
    expect(await button(page, 'Confirmer').count()).toBe(0);
    await page.getByRole('link', { name: 'Voir mon billet' }).click();
    await page.getByRole('img', { name: 'Code QR de votre billet' }).waitFor();

    const elsewhere = await open(link);
    await button(elsewhere, 'Confirmer').press('Enter');
    await elsewhere.getByRole('heading', { name: 'Ce lien ne sert plus' }).waitFor();
    await focusIsOn(elsewhere, 'Ce lien ne sert plus');
    expect(await button(elsewhere, 'Confirmer').count()).toBe(0);
    await elsewhere.getByLabel('E-mail').fill(email);
    await button(elsewhere, 'Recevoir un code').click();
    await elsewhere.getByText(`Si l’adresse ${email} est la bonne`).waitFor();
    await typeCode(elsewhere, await codeOf(email));
    await elsewhere.getByRole('img', { name: 'Code QR de votre billet' }).waitFor();
  });

  it('confirms a seat with one button, and forgets what this browser kept of it', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[4])}`);
    await claim(page, email.toUpperCase());
    await page.getByText('Une place vous est gardée').waitFor();
    await page.goto(world.stack.apiUrl + (await linkTo(email, codes[4])));
    await button(page, 'Confirmer').click();
    await page.getByRole('img', { name: 'Code QR de votre billet' }).waitFor();
    await waitFor(async () => (await page.evaluate(`localStorage.getItem('comptoir-guest-seats')`)) === '{}', {
      what: 'the kept seat to be forgotten',
    });
  });
});

describe('the page of a Café', () => {
  it.each(['zzz', '01890000-0000-7000-8000-000000000000'])(
    'that does not exist, as “%s”, leads to the programme',
    async (id) => {
      const page = await open(`/cafes/${id}`);
      await page.getByRole('heading', { name: 'Ce Café n’existe pas' }).waitFor();
      expect(await button(page, 'Réessayer').count()).toBe(0);
      await page.getByRole('link', { name: 'Revenir au programme' }).click();
      await page.locator('[data-cafe]').first().waitFor();
    },
  );

  it('says no longer that the counter does not answer once it does', async () => {
    const attendeeId = await world.person(newEmail(), 'Léa Martin');
    const page = await open(`/cafes/${idOf(codes[5])}`, attendeeId, { serviceWorkers: 'block' });
    await button(page, 'Prendre une place').waitFor();
    await page.context().setOffline(true);
    await button(page, 'Prendre une place').press('Enter');
    await page.getByText('Le comptoir ne répond pas').waitFor();
    await focusIsOn(page, 'Prendre une place');
    await page.context().setOffline(false);
    await page.getByText('Le comptoir ne répond pas').waitFor({ state: 'detached' });
    await button(page, 'Prendre une place').click();
    await page.getByText('Votre place est confirmée').waitFor();
  });
});
