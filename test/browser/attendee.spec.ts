import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { SESSION_COOKIE } from '#identity';
import { demonstrationProgramme, loadProgramme } from '#programme';
import { waitFor } from '../support/index.ts';
import { startWorld, violationsOf, type World } from './world.ts';

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
const newPerson = () => world.person(`person-${++people}@example.org`, `Personne ${people}`);
const take = (attendeeId: string, code: string | undefined) =>
  world.seats.claims.claim({ cafeId: idOf(code), attendeeId, guest: false });
const statusOf = async (attendeeId: string, code: string | undefined) =>
  (await world.seats.reads.registrationsOf(attendeeId)).find(({ cafeId }) => cafeId === idOf(code))?.status;

const registrationOf = async (attendeeId: string, code: string | undefined) =>
  (await world.seats.reads.registrationsOf(attendeeId)).find(({ cafeId }) => cafeId === idOf(code))?.id;

async function capacityOf(code: string | undefined): Promise<number> {
  const { rows } = await world.database.pool.query<{ capacity: number }>(
    'select capacity from cafe_seats where cafe_id = $1',
    [idOf(code)],
  );
  return rows[0]?.capacity ?? 0;
}

async function open(attendeeId: string | undefined, path: string, options?: BrowserContextOptions): Promise<Page> {
  const context = await world.context(attendeeId, { viewport: { width: 390, height: 844 }, ...options });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(world.stack.apiUrl + path);
  await page.locator('main:not([data-rendered]) h1').first().waitFor();
  return page;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

describe('the programme', () => {
  it('keeps its filters in the address, and finds words without their accents', async () => {
    const page = await open(undefined, '/?by=room&q=heritages');
    expect(await page.locator('[data-cafe]').count()).toBe(1);
    await page.getByRole('searchbox').fill('cooperation decentralisee');
    await page.waitForURL(/q=cooperation/);
    await button(page, 'Avec des places').click();
    await page.waitForURL(/free=1/);
    const found = await page.locator('[data-cafe]').count();
    await page.reload();
    await page.locator('[data-cafe]').first().waitFor();
    expect(await page.locator('[data-cafe]').count()).toBe(found);
    await button(page, 'Tout afficher').click();
    await waitFor(async () => (await page.locator('[data-cafe]').count()) === codes.length, {
      what: 'every Café',
    });
  });

  it('is in the language of the browser, and keeps a language that is chosen by its name', async () => {
    const page = await open(undefined, '/', { locale: 'pt-PT' });
    await page.getByRole('link', { name: 'O meu plano' }).waitFor();
    await page.locator('header select').selectOption({ label: 'العربية' });
    await page.getByRole('link', { name: 'خطتي' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'خطتي' }).waitFor();
    expect(await page.evaluate('document.documentElement.dir')).toBe('rtl');
  });
});

describe('a seat', () => {
  it('is taken in one tap by a person who is signed in, and shown as confirmed only when the server has committed it', async () => {
    const attendeeId = await newPerson();
    const page = await open(attendeeId, `/cafes/${idOf(codes[0])}`);
    let answer: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/registrations', async (route) => {
      if (route.request().method() === 'POST') await held;
      await route.continue();
    });
    await button(page, 'Prendre une place').click();
    await button(page, 'Un instant…').waitFor();
    expect(await page.getByText('Votre place est confirmée').count()).toBe(0);
    expect(await statusOf(attendeeId, codes[0])).toBeUndefined();
    answer();
    await page.getByText('Votre place est confirmée').waitFor();
    expect(await statusOf(attendeeId, codes[0])).toBe('confirmed');
  });

  it('is taken with the keyboard alone, from the top of the page', async () => {
    const attendeeId = await newPerson();
    const page = await open(attendeeId, `/cafes/${idOf(codes[1])}`);
    await button(page, 'Prendre une place').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Aller au contenu');
    await page.keyboard.press('Enter');
    const focused = async () => {
      await page.keyboard.press('Tab');
      return (await page.evaluate('document.activeElement.textContent')) === 'Prendre une place';
    };
    for (let steps = 0; steps < 5 && !(await focused()); steps++);
    await page.keyboard.press('Enter');
    await page.getByText('Votre place est confirmée').waitFor();
    expect(await statusOf(attendeeId, codes[1])).toBe('confirmed');
    // The plan offers to give the seat back, and to swap it.
    await page.getByRole('main').getByRole('link', { name: 'Mon plan' }).click();
    await button(page, 'Annuler ma place').waitFor();
  });

  it('shows a seat at the same time before the person takes it, and swaps in one tap', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[0]);
    const page = await open(attendeeId, `/cafes/${idOf(codes[2])}`);
    await page.getByText('Vous avez déjà une place à cette heure').waitFor();
    expect(await button(page, 'Prendre une place').count()).toBe(0);
    await button(page, 'Échanger contre cette place').click();
    await page.getByText('Votre place est confirmée').waitFor();
    expect(await statusOf(attendeeId, codes[2])).toBe('confirmed');
    expect(await statusOf(attendeeId, codes[0])).toBe('cancelled');
  });

  it('can be taken again on the page that took it, after it was given back on another page', async () => {
    const attendeeId = await newPerson();
    const page = await open(attendeeId, `/cafes/${idOf(codes[4])}`);
    await button(page, 'Prendre une place').click();
    await page.getByText('Votre place est confirmée').waitFor();
    const registrationId = await registrationOf(attendeeId, codes[4]);
    await page.context().request.delete(`${world.stack.apiUrl}/api/v1/registrations/${registrationId}`);
    await button(page, 'Prendre une place').waitFor();
    expect(await page.getByText('Votre place est confirmée').count()).toBe(0);
  });

  it('of the waitlist shows a better position on the open page when a person before it leaves', async () => {
    const [first, second] = [await newPerson(), await newPerson()];
    await world.fill(codes[9] ?? '', await capacityOf(codes[9]));
    await take(first, codes[9]);
    await take(second, codes[9]);
    const page = await open(second, `/cafes/${idOf(codes[9])}`);
    await page.getByText('Vous êtes en position 2 sur la liste d’attente').waitFor();
    const other = await open(first, '/me');
    const registrationId = await registrationOf(first, codes[9]);
    await other.context().request.delete(`${world.stack.apiUrl}/api/v1/registrations/${registrationId}`);
    await page.getByText('Vous êtes en position 1 sur la liste d’attente').waitFor();
  });
});

describe('a Café that accepts no claims any more', () => {
  it('shows that on open pages, instead of its free seats', async () => {
    const organiser = await newPerson();
    await world.people.roles.grant(organiser, { role: 'organiser', eventId: world.stack.eventId });
    const page = await open(undefined, `/cafes/${idOf(codes[8])}`);
    const door = await open(organiser, '/host');
    await page.getByText(/places? libres? sur/).waitFor();
    const setState = (state: string) =>
      door.context().request.patch(`${world.stack.apiUrl}/api/v1/cafes/${idOf(codes[8])}`, { data: { state } });
    await setState('closed');
    await page.getByText('Inscriptions closes').waitFor();
    expect(await page.getByText(/libres?/).count()).toBe(0);
    expect(await button(page, 'Prendre une place').count()).toBe(0);
    await setState('cancelled');
    await page.getByText('Ce Café n’aura pas lieu').waitFor();
    await door.locator(`[data-cafe="${codes[8]}"]`, { hasText: 'Annulé' }).waitFor();
    await door.goto(`${world.stack.apiUrl}/host/cafes/${idOf(codes[8])}`);
    await door.getByText('Ce Café n’aura pas lieu').waitFor();
  });
});

describe('giving a seat back', () => {
  it('can be undone for ten seconds, and changes nothing until then', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[3]);
    const page = await open(attendeeId, '/me');
    await button(page, 'Annuler ma place').click();
    await page.getByText('Place rendue').waitFor();
    expect(await statusOf(attendeeId, codes[3])).toBe('confirmed');
    await button(page, 'Rétablir').click();
    await page.getByText('Confirmée').waitFor();
    await page.reload();
    await page.getByText('Confirmée').waitFor();
    expect(await statusOf(attendeeId, codes[3])).toBe('confirmed');
  });

  it('is sent to the server when the time is over', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[3]);
    const page = await open(attendeeId, '/me');
    await page.clock.install();
    await button(page, 'Annuler ma place').click();
    await page.getByText('Place rendue').waitFor();
    await page.clock.fastForward(10_500);
    await waitFor(async () => (await statusOf(attendeeId, codes[3])) === 'cancelled', {
      what: 'the seat to be given back',
    });
  });

  it('shows in every window, can be undone in any of them, and is then not sent to the server', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[3]);
    const page = await open(attendeeId, '/me');
    const deletions: string[] = [];
    page.context().on('request', (request) => request.method() === 'DELETE' && deletions.push(request.url()));
    const other = await page.context().newPage();
    await other.goto(`${world.stack.apiUrl}/me`);
    await other.getByText('Confirmée').waitFor();
    await page.clock.install();
    await button(page, 'Annuler ma place').click();
    await other.getByText('Place rendue').waitFor();
    await button(other, 'Rétablir').click();
    await page.getByText('Confirmée').waitFor();
    await page.clock.fastForward(10_500);
    await page.reload();
    await page.getByText('Confirmée').waitFor();
    expect(deletions).toEqual([]);
    expect(await statusOf(attendeeId, codes[3])).toBe('confirmed');
  });

  it('is sent when the page is left, and the next page shows it', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[3]);
    const page = await open(attendeeId, '/me');
    await button(page, 'Annuler ma place').click();
    await page.getByText('Place rendue').waitFor();
    await page.reload();
    await page.getByText('Vous n’avez pas encore de place.').waitFor();
    expect(await statusOf(attendeeId, codes[3])).toBe('cancelled');
  });

  it('works on the page that mails link to, with the same undo, for a seat and a place in the waitlist', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[3]);
    const page = await open(attendeeId, `/registrations/${await registrationOf(attendeeId, codes[3])}`);
    const code = page.getByRole('img', { name: 'Code QR de votre billet' });
    await code.waitFor();
    expect(await page.locator('h1').textContent()).toBe('Votre billet');
    await button(page, 'Annuler ma place').click();
    await page.getByText('Place rendue').waitFor();
    expect(await code.count()).toBe(0);
    await button(page, 'Rétablir').click();
    await code.waitFor();
    expect(await statusOf(attendeeId, codes[3])).toBe('confirmed');
    await button(page, 'Annuler ma place').click();
    await button(page, 'Annuler ma place maintenant').click();
    await page.getByText('Annulée').waitFor();
    await page.getByText('Vous avez rendu cette place.').waitFor();
    expect(await statusOf(attendeeId, codes[3])).toBe('cancelled');
    expect(await button(page, 'Annuler ma place').count()).toBe(0);
    expect(await page.locator('h1').textContent()).toBe('Votre inscription');

    const waiting = await newPerson();
    await world.fill(codes[6] ?? '', await capacityOf(codes[6]));
    await take(waiting, codes[6]);
    const waitingPage = await open(waiting, `/registrations/${await registrationOf(waiting, codes[6])}`);
    await waitingPage.getByText(/^En attente, position \d/).waitFor();
    await button(waitingPage, 'Quitter la liste d’attente').click();
    await button(waitingPage, 'Quitter la liste d’attente maintenant').click();
    await waitingPage.getByText('Annulée').waitFor();
    await waitingPage.getByText('Vous avez quitté la liste d’attente.').waitFor();
    expect(await statusOf(waiting, codes[6])).toBe('cancelled');
  });

  it('moves the focus to the next step: the undo button, the seat, the page', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[3]);
    const page = await open(attendeeId, '/me');
    await button(page, 'Annuler ma place').focus();
    await page.keyboard.press('Enter');
    await page.locator(':focus', { hasText: 'Rétablir' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator(':focus', { hasText: 'Annuler ma place' }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator(':focus', { hasText: 'Rétablir' }).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Vous n’avez pas encore de place.').waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    // An element that appears by itself, as on a reloaded page, does not take the focus.
    await take(attendeeId, codes[5]);
    await page.reload();
    await button(page, 'Annuler ma place').waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('BODY');
  });
});

describe('a registration that has ended', () => {
  it('shows why it ended and on which day it was, and links to the Cafés that can be taken instead', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[7]);
    const cancelled = await registrationOf(attendeeId, codes[7]);
    await world.seats.cafes.changeCafe(idOf(codes[7]), { state: 'cancelled' });
    await take(attendeeId, codes[3]);
    const left = (await registrationOf(attendeeId, codes[3])) ?? '';
    await world.seats.registrations.cancel(left, attendeeId);
    // A guest registration that was not confirmed in time is not in the person's plan.
    const other = await newPerson();
    await world.seats.claims.claim({ cafeId: idOf(codes[3]), attendeeId: other, guest: true });
    const held = await registrationOf(other, codes[3]);
    await world.database.pool.query(
      `update registration set expires_at = now() - interval '1 minute' where id = $1 and status = 'held'`,
      [held],
    );
    await world.seats.registrations.expireDue();
    const otherPage = await open(other, `/registrations/${held}`);
    await otherPage.getByText('Cette inscription a pris fin.').waitFor();
    const page = await open(attendeeId, `/registrations/${cancelled}`);
    await page.getByText('L’organisation a annulé ce Café.').waitFor();
    expect(await page.getByRole('link', { name: 'Reprendre une place' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Choisir un Café' }).getAttribute('href')).toBe('/');

    await page.goto(`${world.stack.apiUrl}/registrations/${left}`);
    await page.getByText('Vous avez rendu cette place.').waitFor();
    const retake = page.getByRole('link', { name: 'Reprendre une place' });
    expect(await retake.getAttribute('href')).toBe(`/cafes/${idOf(codes[3])}`);

    await page.getByRole('link', { name: 'Tout mon plan' }).click();
    await page.getByText('Annulées ou expirées').click();
    const row = page.locator(`[data-registration="${cancelled}"]`);
    await row.getByText('L’organisation a annulé ce Café.').waitFor();
    await row.getByText(/^(Lundi|Mardi|Mercredi|Jeudi|Vendredi|Samedi|Dimanche) \d/).waitFor();
  });
});

describe('a link of a mail', () => {
  it('shows its subject before a person signs in, and tells another person that it is not theirs', async () => {
    const [hers, his] = [await newPerson(), await newPerson()];
    await take(hers, codes[3]);
    const registrationId = await registrationOf(hers, codes[3]);
    const page = await open(undefined, `/registrations/${registrationId}?answer=accept`);
    await page.getByText('le Café, le délai et vos deux réponses sont ici').waitFor();
    const other = await open(his, `/registrations/${registrationId}`);
    await other.getByRole('heading', { name: 'Cette inscription est à une autre adresse' }).waitFor();
    await other.getByText((await world.people.attendees.findById(his))?.email ?? '').waitFor();
    await button(other, 'Me connecter avec une autre adresse').click();
    await other.getByText('Connectez-vous avec l’adresse à laquelle nous avons écrit').waitFor();
    expect(new URL(other.url()).pathname).toBe(`/registrations/${registrationId}`);
    await other.getByLabel('E-mail').waitFor();
  });

  it('to a seat that was given back and taken again is not shown as another person’s', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[3]);
    const first = (await registrationOf(attendeeId, codes[3])) ?? '';
    await world.seats.registrations.cancel(first, attendeeId);
    await take(attendeeId, codes[3]);
    const page = await open(attendeeId, `/registrations/${first}`);
    await page.getByText('Cette inscription a pris fin').waitFor();
    expect(await page.getByText('autre adresse').count()).toBe(0);
  });
});

describe('the link of a mail about one registration', () => {
  /** The link as its mail contains it. */
  const link = (registrationId: string) =>
    `/registrations/${registrationId}?key=${world.people.registrationLinks.key(registrationId)}`;
  const typeCode = async (page: Page, code: string) => {
    await page.getByLabel('Code du message').fill(code);
    await page.keyboard.press('Enter');
  };

  it('shows the ticket without a session, and its key stays in the tab', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[3]);
    const registrationId = (await registrationOf(attendeeId, codes[3])) ?? '';
    const page = await open(undefined, link(registrationId));
    const code = page.getByRole('img', { name: 'Code QR de votre billet' });
    await code.waitFor();
    await waitFor(() => code.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 0), {
      what: 'the code to be drawn',
    });
    expect(new URL(page.url()).search).toBe('');
    expect(await page.getByRole('link', { name: 'Connexion' }).count()).toBe(1);
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await page.reload();
    await code.waitFor();
    const cachedUrls = await page.evaluate<string[]>(
      `caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys()))))
         .then((keys) => keys.flat().map(({ url }) => url))`,
    );
    expect(cachedUrls.filter((url) => url.includes(registrationId) || url.includes('key='))).toEqual([]);
    expect(await violationsOf(page)).toEqual([]);
    const saved = page.waitForEvent('download');
    await button(page, 'Imprimer le billet').click();
    expect((await saved).suggestedFilename()).toBe('ticket.pdf');
    await page.goto(`${world.stack.apiUrl}/me`);
    await page.getByText('Connectez-vous pour voir vos places').waitFor();
  });

  it('gives the seat back with the code of the mail, and stops working after that', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[3]);
    const registrationId = (await registrationOf(attendeeId, codes[3])) ?? '';
    const page = await open(undefined, link(registrationId));
    await button(page, 'Annuler ma place').click();
    await button(page, 'Annuler ma place maintenant').click();
    // This browser did not ask for the seat, so pressing the button is not enough.
    await page.getByText('tapez les six chiffres du message').waitFor();
    expect(await statusOf(attendeeId, codes[3])).toBe('confirmed');
    const right = world.people.registrationLinks.code(registrationId);
    await typeCode(page, right === '000000' ? '111111' : '000000');
    await page.getByText('Ce ne sont pas les six chiffres de ce message').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await typeCode(page, right);
    await page.getByText('Annulée').waitFor();
    expect(await statusOf(attendeeId, codes[3])).toBe('cancelled');
    await page.reload();
    await page.getByRole('heading', { name: 'Ce lien ne mène plus à une place' }).waitFor();
    await page.getByRole('link', { name: 'Revenir au programme' }).waitFor();
  });

  it('opens the offer, which the code accepts', async () => {
    const [leaving, attendeeId] = [await newPerson(), await newPerson()];
    const left = await take(leaving, codes[1]);
    const { rows } = await world.database.pool.query<{ free: number }>(
      'select capacity - taken as free from cafe_seats where cafe_id = $1',
      [idOf(codes[1])],
    );
    await world.fill(codes[1] ?? '', rows[0]?.free ?? 0);
    await take(attendeeId, codes[1]);
    // Because of their seat at that time, the seat that becomes free is offered to them.
    await take(attendeeId, codes[2]);
    if (left.outcome === 'created') await world.seats.registrations.cancel(left.registration.id, leaving);
    const registrationId = (await registrationOf(attendeeId, codes[1])) ?? '';
    expect(await statusOf(attendeeId, codes[1])).toBe('offered');
    const page = await open(undefined, `${link(registrationId)}&answer=accept`);
    await page.locator(':focus', { hasText: 'Accepter la place' }).waitFor();
    await page.keyboard.press('Enter');
    await typeCode(page, world.people.registrationLinks.code(registrationId));
    await page.getByRole('img', { name: 'Code QR de votre billet' }).waitFor();
    expect([await statusOf(attendeeId, codes[1]), await statusOf(attendeeId, codes[2])]).toEqual([
      'confirmed',
      'cancelled',
    ]);
  });

  it('opens the usual page of the registration for its person when they are signed in', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[5]);
    const page = await open(attendeeId, link((await registrationOf(attendeeId, codes[5])) ?? ''));
    await page.getByRole('img', { name: 'Code QR de votre billet' }).waitFor();
    await page.locator('.ticket-name').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('an offer', () => {
  it('shows the time that is left, and is accepted with one button', async () => {
    const [leaving, attendeeId] = [await newPerson(), await newPerson()];
    const code = codes.at(-1);
    const left = await take(leaving, code);
    await world.fill(code ?? '', (await capacityOf(code)) - 1);
    await take(attendeeId, code);
    await take(attendeeId, codes.at(-2));
    if (left.outcome === 'created') await world.seats.registrations.cancel(left.registration.id, leaving);
    const page = await open(attendeeId, '/me');
    await page.getByText(/Il vous reste \d/).waitFor();
    await page.getByText('En acceptant, vous rendez l’autre place').waitFor();
    const other = page.locator('.offer').getByRole('link');
    expect(await other.getAttribute('href')).toBe(`/cafes/${idOf(codes.at(-2))}`);
    await button(page, 'Accepter la place').click();
    await waitFor(async () => (await statusOf(attendeeId, code)) === 'confirmed', {
      what: 'the seat to be theirs',
    });
    await page.getByText('Il vous reste').waitFor({ state: 'detached' });
    expect(await statusOf(attendeeId, codes.at(-2))).toBe('cancelled');
  });
});

describe('the buttons of the mail', () => {
  it('open the page with the chosen button focused, and change nothing when they are opened', async () => {
    const attendeeId = await newPerson();
    // The Café of the previous test: it is full, and at the time of the other one.
    const code = codes.at(-1);
    await take(attendeeId, code);
    await take(attendeeId, codes.at(-2));
    const seated = await world.database.pool.query<{ id: string; attendee_id: string }>(
      `select id, attendee_id from registration where cafe_id = $1 and status = 'confirmed' limit 1`,
      [idOf(code)],
    );
    await world.seats.registrations.cancel(seated.rows[0]?.id ?? '', seated.rows[0]?.attendee_id ?? '');
    const offered = (await world.seats.reads.registrationsOf(attendeeId)).find(({ status }) => status === 'offered');
    const page = await open(attendeeId, `/registrations/${offered?.id}?answer=decline`);
    await page.locator(':focus', { hasText: 'Non merci' }).waitFor();
    expect(await statusOf(attendeeId, code)).toBe('offered');
    // Declining can be undone for as long as giving a seat back.
    await page.keyboard.press('Enter');
    await page.locator(':focus', { hasText: 'Rétablir' }).waitFor();
    expect(await statusOf(attendeeId, code)).toBe('offered');
    await page.keyboard.press('Enter');
    await page.locator(':focus', { hasText: 'Non merci' }).waitFor();
    await page.keyboard.press('Enter');
    await button(page, 'Décliner maintenant').click();
    await page.getByText('Vous avez décliné cette place.').waitFor();
    expect(await statusOf(attendeeId, code)).toBe('cancelled');
  });
});

describe('a group', () => {
  it('is read with its errors by line, checked, and booked', async () => {
    const [delegate, busy] = [await newPerson(), await newPerson()];
    await take(busy, codes[2]);
    const busyEmail = (await world.people.attendees.findById(busy))?.email;
    const page = await open(delegate, `/cafes/${idOf(codes[3])}/group`);
    const list = page.getByLabel('Les personnes');
    await list.fill(`Awa Diop, awa@example.org\nSans adresse\n"Occupé" <${busyEmail}>`);
    await button(page, 'Vérifier').click();
    await page.getByText('Ligne 2').waitFor();
    await list.fill(`Awa Diop, awa@example.org\n"Occupé" <${busyEmail}>`);
    await button(page, 'Vérifier').click();
    await page.getByText('A une place ailleurs à cette heure').waitFor();
    await button(page, 'Inscrire 1 personne').click();
    await page.getByText('Voici ce qui est fait').waitFor();
    const awa = (await world.people.attendees.findByEmail('awa@example.org'))?.attendeeId ?? '';
    // Awa's address is not proved.
    expect(await statusOf(awa, codes[3])).toBe('held');
    expect(await statusOf(busy, codes[3])).toBeUndefined();

    // The result stays on the page after a reload, and on the plan; a sign-out deletes it.
    await page.reload();
    await page.getByText('Voici ce qui est fait').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Mon plan' }).click();
    await page.getByRole('heading', { name: 'Groupes que vous avez inscrits' }).waitFor();
    await page.locator('.plan-groups').getByRole('link').click();
    await page.getByText('Awa Diop').waitFor();
    await button(page, 'Inscrire un autre groupe').click();
    expect(await list.inputValue()).toBe('');
    await button(page, /^Me déconnecter/).click();
    await page.getByRole('link', { name: 'Connexion' }).waitFor();
    expect(await page.evaluate('Object.keys(localStorage)')).not.toContain('comptoir-groups');
  });
});

describe('the plan', () => {
  it('offers the calendar file of a seat whose invitation was sent, and no link that adds a second entry', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[4]);
    const page = await open(attendeeId, '/me');
    await button(page, 'Ajouter à mon agenda').click();
    await page.getByRole('link', { name: 'iCal (.ics)' }).waitFor();
    for (const name of ['Google', 'Outlook']) expect(await page.getByRole('link', { name }).count()).toBe(0);
  });
});

describe('without network', () => {
  it('shows the plan, and tickets that were never opened, with a note; a sign-out deletes them', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[0]);
    const page = await open(attendeeId, '/me');
    const cachedPaths = () =>
      page.evaluate<string[]>(
        `Promise.all(['comptoir-mine', 'comptoir-programme'].map((name) => caches.open(name).then((cache) => cache.keys())))
           .then((keys) => keys.flat().map(({ url }) => new URL(url).pathname))`,
      );
    const needed = ['/api/v1/me', '/api/v1/me/registrations', '/api/v1/events', '/api/v1/events/raict-2024'];
    await waitFor(
      async () => {
        const paths = await cachedPaths();
        const missing = needed.filter((path) => !paths.includes(path));
        if (!paths.some((path) => path.endsWith('/ticket.svg'))) missing.push('the ticket');
        if (missing.length > 0) throw new Error(`${missing} are missing`);
        return true;
      },
      { what: 'everything to be stored' },
    );
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText('Pas de réseau').waitFor();
    await page.getByText('Copie gardée sur cet appareil').waitFor();
    await page.getByRole('link', { name: 'Voir mon billet' }).click();
    const code = page.getByRole('img', { name: 'Code QR de votre billet' });
    await code.waitFor();
    await waitFor(() => code.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth > 0), {
      what: 'the code to be drawn',
    });
    await page.context().setOffline(false);
    await button(page, /^Me déconnecter/).click();
    await page.getByRole('link', { name: 'Connexion' }).waitFor();
    expect(await page.evaluate(`caches.open('comptoir-mine').then((cache) => cache.keys())`)).toEqual([]);
    await page.context().setOffline(true);
    await page.goto(`${world.stack.apiUrl}/me`);
    await page.locator('main:not([data-rendered]) h1').waitFor();
    expect(await page.getByText('Confirmée').count()).toBe(0);
  });

  it('signs out at once, and sends the sign-out before any other call when the network is back', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[0]);
    const page = await open(attendeeId, '/me');
    await page.getByText('Confirmée').waitFor();
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await waitFor(() => page.evaluate('navigator.serviceWorker.controller !== null'), {
      what: 'the service worker to listen',
    });
    const [session] = (await page.context().cookies()).filter(({ name }) => name === SESSION_COOKIE);
    await page.context().setOffline(true);
    await button(page, /^Me déconnecter/).click();
    await page.getByRole('link', { name: 'Connexion' }).waitFor();
    expect(await page.evaluate(`caches.open('comptoir-mine').then((cache) => cache.keys())`)).toEqual([]);
    await page.close();

    // The next visitor opens the device, still without network.
    const next = await page.context().newPage();
    await next.goto(`${world.stack.apiUrl}/me`);
    await next.getByText('Connectez-vous pour voir vos places').waitFor();
    expect(await next.getByText('Confirmée').count()).toBe(0);
    expect((await page.context().cookies()).some(({ name }) => name === SESSION_COOKIE)).toBe(true);

    const calls: string[] = [];
    page.context().on('request', (request) => {
      const { pathname } = new URL(request.url());
      // Requests of the service worker, which forwards the calls of pages.
      if (request.serviceWorker() && pathname.startsWith('/api/')) calls.push(`${request.method()} ${pathname}`);
    });
    await next.context().setOffline(false);
    await next.reload();
    await next.getByText('Connectez-vous pour voir vos places').waitFor();
    await waitFor(async () => !(await next.context().cookies()).some(({ name }) => name === SESSION_COOKIE), {
      what: 'the session cookie to be deleted',
    });
    expect(calls[0]).toBe('POST /api/v1/sign-out');
    expect(await next.evaluate(`localStorage.getItem('comptoir-sign-out')`)).toBeNull();
    const answer = await fetch(`${world.stack.apiUrl}/api/v1/me`, {
      headers: { cookie: `${SESSION_COOKIE}=${session?.value}` },
    });
    expect(answer.status).toBe(401);
  });

  it('removes the note when the network is back, although the page sends no other request', async () => {
    const page = await open(undefined, '/', { serviceWorkers: 'block' });
    await page.waitForLoadState('networkidle');
    await page.context().setOffline(true);
    await page.getByText('Pas de réseau').waitFor();
    await page.context().setOffline(false);
    await page.getByText('Pas de réseau').waitFor({ state: 'detached' });
  });

  it('asks for the address of the live connection until it gets an answer', async () => {
    const context = await world.context(undefined, { serviceWorkers: 'block' });
    contexts.push(context);
    let requests = 0;
    await context.route('**/client-config', (route) => (++requests === 1 ? route.abort() : route.continue()));
    const page = await context.newPage();
    const connected = page.waitForEvent('websocket');
    await page.goto(world.stack.apiUrl);
    await page.locator('[data-cafe]').first().waitFor();
    expect(new URL((await connected).url()).host).toBe(new URL(world.stack.gatewayUrl).host);
    expect(requests).toBe(2);
  });

  it('shows the age of numbers while the live connection is lost, and reads them again', async () => {
    const context = await world.context(undefined, { serviceWorkers: 'block' });
    contexts.push(context);
    await context.routeWebSocket(/socket\.io/, () => {});
    await context.route(/socket\.io/, (route) => route.abort());
    const page = await context.newPage();
    await page.goto(`${world.stack.apiUrl}/cafes/${idOf(codes[5])}`);
    await page.getByText('Le direct est interrompu').waitFor({ timeout: 10_000 });
    await page.getByText(/relevé il y a \d+ secondes?/).waitFor();
    await take(await newPerson(), codes[5]);
    await page
      .getByText('1 place prise')
      .or(page.locator('.table [class="chair taken"], .arc.taken'))
      .first()
      .waitFor();
    const { rows } = await world.database.pool.query<{ free: number }>(
      'select greatest(0, capacity - taken) as free from cafe_seats where cafe_id = $1',
      [idOf(codes[5])],
    );
    await page.getByText(new RegExp(`\\b${rows[0]?.free} places? libres? sur`)).waitFor({ timeout: 10_000 });
  });
});

describe('the own account', () => {
  it('is erased after its address was typed, and its seats are given back', async () => {
    const attendeeId = await newPerson();
    const email = (await world.people.attendees.findById(attendeeId))?.email ?? '';
    await take(attendeeId, codes[4]);
    const page = await open(attendeeId, '/me/settings');
    await button(page, 'Effacer mon compte').click();
    await button(page, 'Tout effacer').click();
    await page.locator('.field .error').waitFor();
    expect(await world.people.attendees.findByEmail(email)).toBeDefined();
    await page.getByLabel(`Pour confirmer, tapez ${email}`).fill(email);
    await button(page, 'Tout effacer').click();
    await page.getByRole('link', { name: 'Connexion' }).waitFor();
    expect(await world.people.attendees.findByEmail(email)).toBeUndefined();
  });
});

describe('with an event that is over', () => {
  const YEAR_MS = 365 * 24 * 3_600_000;

  it('the next event is shown first, and each Café links to its own event', async () => {
    const document = JSON.parse(readFileSync('prisma/programme/raict-2024.json', 'utf8'));
    const title = { fr: 'Rencontres de Fort-de-France', en: 'Meetings of Fort-de-France' };
    Object.assign(document.event, { slug: 'fort-de-france', title, timeZone: 'America/Martinique' });
    document.rooms[0].name = 'Salle Caravelle';
    const lastYear = demonstrationProgramme(document, new Date(Date.now() - YEAR_MS));
    const { eventId } = await loadProgramme(world.database, lastYear);
    const { rows } = await world.database.pool.query<{ id: string; room_id: string }>(
      `select c.id, c.room_id from cafe c join room r on r.id = c.room_id
       where c.event_id = $1 and r.name = 'Salle Caravelle' limit 1`,
      [eventId],
    );
    const host = await newPerson();
    await world.people.roles.grant(host, { role: 'host', eventId, roomId: rows[0]?.room_id ?? '' });
    const page = await open(host, '/');
    expect(await page.locator('h1').textContent()).not.toBe(title.fr);
    await page.goto(`${world.stack.apiUrl}/cafes/${rows[0]?.id}`);
    await page.getByText('Salle Caravelle').waitFor();
    await page.getByText('Ce Café ne prend plus d’inscriptions').waitFor();
    await page.getByRole('link', { name: 'Tout le programme' }).click();
    await page.getByRole('heading', { name: title.fr }).waitFor();
    await page.getByRole('link', { name: 'Entrée' }).click();
    await page.getByRole('heading', { name: 'Salle Caravelle' }).waitFor();
  });
});
