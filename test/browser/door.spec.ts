import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { waitFor } from '../support/index.ts';
import { startWorld, violationsOf, type World } from './world.ts';

interface Row {
  code: string;
  id: string;
  title: string;
  roomId: string;
  room: string;
}

/** The times of a Café that runs now. */
const NOW = ['-5 minutes', '40 minutes'] as const;
const PHONE = { width: 390, height: 844 };

let world: World;
let host: string;
/** Cafés of one room: two that run now, at the same time; two on other days; one that is over. */
let current: Row;
let parallel: Row;
let otherDay: Row;
let emptyCafe: Row;
let past: Row;
const contexts: BrowserContext[] = [];
let people = 0;

beforeAll(async () => {
  world = await startWorld();
  const { rows } = await world.database.pool.query<Row>(
    `select c.code, c.id, c.texts -> 'fr' ->> 'title' as title, r.id as "roomId", r.name as room
     from cafe c join room r on r.id = c.room_id order by c.starts_at, c.position`,
  );
  const [first] = rows as [Row];
  [current, parallel, otherDay, emptyCafe, past] = rows.filter(({ roomId }) => roomId === first.roomId) as [
    Row,
    Row,
    Row,
    Row,
    Row,
  ];
  await setTime(current.id, NOW);
  await setTime(parallel.id, NOW);
  await setTime(otherDay.id, ['3 days', '73 hours']);
  await setTime(past.id, ['-2 hours', '-1 hour']);
  host = await world.person('hote@example.org', 'Hélène Hôte');
  await world.people.roles.grant(host, { role: 'host', eventId: world.stack.eventId, roomId: current.roomId });
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(() => world?.stop());

/** Sets the start and the end of a Café, relative to now. The Café must have no registrations. */
async function setTime(cafeId: string, [begins, ends]: readonly [string, string]): Promise<void> {
  await world.database.pool.query(
    `update cafe set starts_at = date_trunc('minute', now()) + $2::interval,
       ends_at = date_trunc('minute', now()) + $3::interval where id = $1`,
    [cafeId, begins, ends],
  );
}

const newPerson = (name = `Personne ${people}`) => world.person(`person-${++people}@example.org`, name);
const statusOf = async (attendeeId: string, cafeId: string) =>
  (await world.seats.reads.registrationsOf(attendeeId)).find((registration) => registration.cafeId === cafeId)?.status;
const seatsOf = async (cafeId: string) => {
  const { rows } = await world.database.pool.query<{ taken: number; present: number; capacity: number }>(
    'select taken, present, capacity from cafe_seats where cafe_id = $1',
    [cafeId],
  );
  return rows[0] ?? { taken: 0, present: 0, capacity: 0 };
};

/** @returns the id of the registration */
async function take(attendeeId: string, cafeId: string): Promise<string> {
  const taken = await world.seats.claims.claim({ cafeId, attendeeId, guest: false });
  if (taken.outcome !== 'created') throw new Error(taken.outcome);
  return taken.registration.id;
}

/** Fills a Café, so that it has no free seat. */
async function fillUp(cafeId: string): Promise<void> {
  await world.seats.cafes.changeCafe(cafeId, { capacity: Math.max(1, (await seatsOf(cafeId)).taken) });
}

async function openDoor(cafeId = current.id): Promise<Page> {
  const context = await world.context(host, { viewport: PHONE, serviceWorkers: 'block' });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(`${world.stack.apiUrl}/host/cafes/${cafeId}`);
  await page.locator('.door-acts').waitFor();
  return page;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const answerOf = (page: Page) => page.locator('.answer');
const figure = (page: Page, name: string) => page.locator(`[data-figure="${name}"]`);

/** The text of a ticket, as the page of its person gets it. */
async function ticketOf(attendeeId: string, registrationId: string): Promise<string> {
  const context = await world.context(attendeeId);
  contexts.push(context);
  const answer = await context.request.get(`${world.stack.apiUrl}/api/v1/registrations/${registrationId}/ticket`);
  return ((await answer.json()) as { ticket: string }).ticket;
}

/** Waits until the expression, evaluated in the page, has the expected value. */
const focusOn = (page: Page, expression: string, expected: string) =>
  waitFor(async () => (await page.evaluate(expression)) === expected, { what: `the focus to be on ${expected}` });

/** Taps the screen until the answer disappears. */
async function dismissAnswer(page: Page): Promise<void> {
  await waitFor(
    async () => {
      if ((await answerOf(page).count()) === 0) return true;
      await page.mouse.click(195, 100);
      return false;
    },
    { what: 'the answer to disappear' },
  );
}

async function enter(page: Page, ticket: string): Promise<void> {
  await page.getByLabel('Billet').fill(ticket);
  await page.getByLabel('Billet').press('Enter');
}

async function fillWalkIn(page: Page, name: string, email: string): Promise<void> {
  await button(page, 'Sans inscription').click();
  await page.getByLabel('Nom', { exact: true }).fill(name);
  await page.getByLabel('E-mail').fill(email);
}

describe('the answer of the door', () => {
  it('fills the screen at any scroll position of the list, and a welcome disappears by itself', async () => {
    for (let count = 0; count < 12; count++) await take(await newPerson(), current.id);
    await take(await newPerson('Zoé Zola'), current.id);
    const page = await openDoor();
    const last = button(page, 'Enregistrer l’arrivée : Zoé Zola');
    await last.scrollIntoViewIfNeeded();
    await last.click();
    await answerOf(page).getByText('Bienvenue, Zoé Zola').waitFor();
    expect(await answerOf(page).boundingBox()).toEqual({ x: 0, y: 0, ...PHONE });
    const box = await answerOf(page).getByRole('alert').boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(PHONE.height);
    // No element covers the answer: neither the header nor the buttons at the bottom.
    const covered = `[[10, 10], [195, 422], [195, 835]].every(([x, y]) => document.elementFromPoint(x, y).closest('.answer'))`;
    expect(await page.evaluate(covered)).toBe(true);
    expect(await violationsOf(page)).toEqual([]);
    await answerOf(page).waitFor({ state: 'detached' });
    // The arrival can be undone at the place of the tap.
    await button(page, 'Annuler l’arrivée : Zoé Zola').click();
    await last.waitFor();
  });

  it('stays, when it is a refusal, until the host taps anywhere or presses any key; the key has no other effect', async () => {
    const page = await openDoor();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 1_000);
    await enter(page, 'not a ticket');
    await answerOf(page).getByText('Billet non valable').waitFor();
    // The second tap of a double tap does not remove an answer that was not read yet.
    await page.mouse.click(195, 100);
    await page.clock.runFor(60_000);
    expect(await answerOf(page).isVisible()).toBe(true);
    await page.mouse.click(195, 100);
    await answerOf(page).waitFor({ state: 'detached' });
    await enter(page, 'not a ticket');
    await answerOf(page).getByText('Billet non valable').waitFor();
    await page.clock.runFor(1_000);
    await page.getByLabel('Billet').focus();
    await page.keyboard.type('n');
    await answerOf(page).waitFor({ state: 'detached' });
    expect(await page.getByLabel('Billet').inputValue()).toBe('');
  });

  it('names the Café, the time and the room of a person’s seat in another Café', async () => {
    const ines = await newPerson('Inès Ailleurs');
    const page = await openDoor();
    const elsewhere = await take(ines, otherDay.id);
    await enter(page, await ticketOf(ines, elsewhere));
    await answerOf(page).getByText('Inès Ailleurs : la place est dans un autre Café').waitFor();
    const text = await answerOf(page).textContent();
    expect(text).toContain(`Café ${otherDay.code} · ${otherDay.title.slice(0, 12)}`);
    expect(text).toMatch(new RegExp(`\\p{L}+\\s\\d+\\s\\p{L}+, \\d+\\sh\\s\\d\\d.*, ${otherDay.room}`, 'u'));
  });

  it('says why a seat is not confirmed, and what the host can do', async () => {
    const cancelled = await newPerson('Gaston Parti');
    const seat = await take(cancelled, current.id);
    const ticket = await ticketOf(cancelled, seat);
    await world.seats.registrations.cancel(seat, cancelled);
    const page = await openDoor();
    await enter(page, ticket);
    await answerOf(page).getByText('Gaston Parti : pas de place confirmée').waitFor();
    await answerOf(page).getByText('inscription annulée').waitFor();
    await answerOf(page).getByText('« Sans inscription »').waitFor();
  });

  it('shows immediately that it waits, on a slow network', async () => {
    await take(await newPerson('Léa Lente'), current.id);
    const page = await openDoor();
    let answerNow = () => {};
    const released = new Promise<void>((resolve) => {
      answerNow = resolve;
    });
    await page.route('**/check-ins', async (route) => {
      await released;
      await route.continue();
    });
    await button(page, 'Enregistrer l’arrivée : Léa Lente').click();
    await answerOf(page).getByText('Un instant…').waitFor();
    answerNow();
    await answerOf(page).getByText('Bienvenue, Léa Lente').waitFor();
  });

  it('does not let Enter press the undo button, while it is shown and afterwards', async () => {
    const claimed = await take(await newPerson('Enzo Entrée'), current.id);
    const page = await openDoor();
    const checkIn = button(page, 'Enregistrer l’arrivée : Enzo Entrée');
    await page.getByLabel('Chercher un nom').fill('entree');
    await checkIn.focus();
    await page.keyboard.press('Enter');
    await answerOf(page).getByText('Bienvenue, Enzo Entrée').waitFor();
    expect(await page.getByLabel('Chercher un nom').inputValue()).toBe('');
    await page.keyboard.press('Enter');
    await answerOf(page).waitFor({ state: 'detached' });
    await button(page, 'Annuler l’arrivée : Enzo Entrée').waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    // A later change shows that the effects of these keys, if any, are visible.
    await take(await newPerson('Après Coup'), current.id);
    await page.getByText('Après Coup').waitFor();
    expect((await world.seats.reads.registration(claimed))?.checkedInAt).toBeDefined();
  });
});

describe('a ticket reader that types', () => {
  it('is read anywhere on the page: before any click, in a field, and while an answer is shown', async () => {
    const people = [
      await newPerson('Una Première'),
      await newPerson('Duo Deuxième'),
      await newPerson('Tris Troisième'),
    ];
    const tickets: string[] = [];
    for (const person of people) tickets.push(await ticketOf(person, await take(person, current.id)));
    const [first = '', second = '', third = ''] = tickets;
    const page = await openDoor();
    await page.keyboard.type(first);
    await page.keyboard.press('Enter');
    await answerOf(page).getByText('Bienvenue, Una Première').waitFor();
    await page.keyboard.type(second);
    await page.keyboard.press('Enter');
    await answerOf(page).getByText('Bienvenue, Duo Deuxième').waitFor();
    await answerOf(page).waitFor({ state: 'detached' });
    await page.getByLabel('Chercher un nom').fill('abc');
    await page.getByLabel('Chercher un nom').press('End');
    await page.keyboard.type(third);
    await page.keyboard.press('Enter');
    await answerOf(page).getByText('Bienvenue, Tris Troisième').waitFor();
    expect(await page.getByLabel('Chercher un nom').inputValue()).toBe('abc');
  });
});

describe('a door without network', () => {
  it('keeps the list and the arrivals after a reload, shows a note, and sends the arrivals when the network is back', async () => {
    const claimed = await take(await newPerson('Coupé Réseau'), current.id);
    const context = await world.context(host, { viewport: PHONE });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${world.stack.apiUrl}/host/cafes/${current.id}`);
    const needed = [`/cafes/${current.id}`, '/me'];
    const isStored = `caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys()))))
      .then((keys) => ${JSON.stringify(needed)}.every((path) => keys.flat().some(({ url }) => new URL(url).pathname.endsWith(path))))`;
    await waitFor(() => page.evaluate<boolean>(isStored), { what: 'the page to be stored' });
    await button(page, 'Enregistrer l’arrivée : Coupé Réseau').waitFor();
    await context.setOffline(true);
    await button(page, 'Enregistrer l’arrivée : Coupé Réseau').click();
    await answerOf(page).getByText('Arrivée notée : Coupé Réseau').waitFor();
    expect(await answerOf(page).getAttribute('class')).toBe('answer warn');
    await dismissAnswer(page);
    await page.reload();
    const row = page.locator('.people li', { hasText: 'Coupé Réseau' });
    await row.getByText(/notée à \d.*, à envoyer/).waitFor();
    await page.locator('.door-state', { hasText: /^1 arrivée à envoyer · Liste lue il y a/ }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    expect((await world.seats.reads.registration(claimed))?.checkedInAt).toBeUndefined();
    await context.setOffline(false);
    await row.getByText('Ici depuis').waitFor();
    await page.locator('.door-state', { hasText: 'à envoyer' }).waitFor({ state: 'detached' });
    // A sign-out deletes all names from the device.
    await page.getByRole('button', { name: /^Me déconnecter/ }).click();
    const lists = `indexedDB.databases().then((all) => all.some(({ name }) => name === 'comptoir-door'))`;
    await waitFor(async () => !(await page.evaluate<boolean>(lists)), { what: 'the list to be deleted' });
  });
});

describe('while the gateway is unavailable', () => {
  it('the list is read from the API, and again after an arrival', async () => {
    await take(await newPerson('Aline Sans Direct'), current.id);
    const context = await world.context(host, { viewport: PHONE, serviceWorkers: 'block' });
    contexts.push(context);
    await context.routeWebSocket(/socket\.io/, () => {});
    await context.route(/socket\.io/, (route) => route.abort());
    const page = await context.newPage();
    await page.goto(`${world.stack.apiUrl}/host/cafes/${current.id}`);
    const { present } = await seatsOf(current.id);
    await button(page, 'Enregistrer l’arrivée : Aline Sans Direct').click();
    await page.locator('[data-figure="present"]', { hasText: new RegExp(`^${present + 1}`) }).waitFor();
  });
});

describe('a Café of another day', () => {
  it('shows a warning at the top and with each arrival, records a chosen name, and records no scan', async () => {
    const early = await newPerson('Ève Avance');
    const seat = await take(early, otherDay.id);
    const page = await openDoor(otherDay.id);
    await page.getByText('Ce Café est un autre jour').waitFor();
    await enter(page, await ticketOf(early, seat));
    await answerOf(page).getByText('Ève Avance : l’arrivée n’est pas enregistrée').waitFor();
    await answerOf(page).getByText('Ce Café est un autre jour').waitFor();
    expect((await world.seats.reads.registration(seat))?.checkedInAt).toBeUndefined();
    await dismissAnswer(page);
    await button(page, 'Enregistrer l’arrivée : Ève Avance').click();
    await answerOf(page).getByText('Bienvenue, Ève Avance').waitFor();
    await answerOf(page).getByText('Ce Café est un autre jour').waitFor();
    expect((await world.seats.reads.registration(seat))?.checkedInAt).toBeDefined();
    const today = await openDoor(current.id);
    expect(await today.getByText('Ce Café est un autre jour').count()).toBe(0);
  });
});

describe('a person without a registration', () => {
  it('is given a seat and checked in with a name and an address, once for two taps', async () => {
    const page = await openDoor();
    const before = await seatsOf(current.id);
    const requests: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/walk-ins')) requests.push(request.url());
    });
    const opener = button(page, 'Sans inscription');
    const box = await opener.boundingBox();
    expect(box?.y).toBeGreaterThan(PHONE.height / 2);
    expect(box?.height).toBeGreaterThanOrEqual(48);
    await opener.click();
    await focusOn(page, 'document.activeElement.name', 'name');
    expect(await violationsOf(page)).toEqual([]);
    await page.getByLabel('Nom', { exact: true }).fill('Wanda Passage');
    await page.getByLabel('E-mail').fill('wanda@example.org');
    await button(page, 'Donner une place').dblclick();
    await answerOf(page).getByText('Bienvenue, Wanda Passage').waitFor();
    await page.getByText('Ici depuis').first().waitFor();
    expect(requests).toHaveLength(1);
    expect(await seatsOf(current.id)).toMatchObject({ taken: before.taken + 1, present: before.present + 1 });
    // The form is closed, and the focus is on the button that opened it.
    expect(await page.getByLabel('Nom', { exact: true }).count()).toBe(0);
    await focusOn(page, 'document.activeElement.textContent', 'Sans inscription');
  });

  it('is seated by a name alone, is one person for a lost answer, and gives the seat back when the arrival is undone', async () => {
    const page = await openDoor();
    const before = await seatsOf(current.id);
    await button(page, 'Sans inscription').click();
    await page.getByText('Sans adresse, pas de billet ni de message.').waitFor();
    await page.getByLabel('Nom', { exact: true }).fill('Sana Sans-Adresse');
    await page.route(
      '**/walk-ins',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await button(page, 'Donner une place').click();
    await answerOf(page).getByText('Le comptoir ne répond pas').waitFor();
    await dismissAnswer(page);
    // The form is opened anew and the name typed again: it is the same person.
    await button(page, 'Fermer').click();
    await button(page, 'Sans inscription').click();
    await page.getByLabel('Nom', { exact: true }).fill('Sana Sans-Adresse');
    const welcome = answerOf(page).getByText('Bienvenue, Sana Sans-Adresse');
    const tapped = async () => {
      if ((await welcome.count()) === 0) await button(page, 'Donner une place').click({ timeout: 500 });
      return welcome.isVisible();
    };
    await waitFor(tapped, { what: 'the welcome' });
    await answerOf(page).waitFor({ state: 'detached' });
    expect(await seatsOf(current.id)).toMatchObject({ taken: before.taken + 1, present: before.present + 1 });
    const line = page.getByRole('listitem').filter({ hasText: 'Sana Sans-Adresse' });
    expect(await line.textContent()).toContain('sans adresse');
    expect(await violationsOf(page)).toEqual([]);
    await button(page, 'Annuler la place : Sana Sans-Adresse').click();
    await line.waitFor({ state: 'detached' });
    expect(await seatsOf(current.id)).toMatchObject({ taken: before.taken, present: before.present });
  });

  it('is welcomed after a retry when the first answer was lost, and recognised when they come again', async () => {
    const page = await openDoor();
    await fillWalkIn(page, 'Luc Perdu', 'luc@example.org');
    await page.route(
      '**/walk-ins',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await button(page, 'Donner une place').click();
    await answerOf(page).getByText('Le comptoir ne répond pas').waitFor();
    await dismissAnswer(page);
    const welcome = answerOf(page).getByText('Bienvenue, Luc Perdu');
    // A tap so soon after the first one counts as the second tap of a double tap, so the test taps again.
    const tapped = async () => {
      if ((await welcome.count()) === 0) await button(page, 'Donner une place').click({ timeout: 500 });
      return welcome.isVisible();
    };
    await waitFor(tapped, { what: 'the welcome' });
    await answerOf(page).waitFor({ state: 'detached' });
    await fillWalkIn(page, 'Luc Perdu', 'luc@example.org');
    await button(page, 'Donner une place').click();
    await answerOf(page).getByText('Luc Perdu : arrivée déjà enregistrée').waitFor();
    expect(await answerOf(page).textContent()).toMatch(/Ici depuis \d/);
  });

  it('with a seat at the same time is refused with its Café, room and time; the typed text stays', async () => {
    await take(await world.person('deux@example.org', 'Dora Deux'), parallel.id);
    const page = await openDoor();
    await fillWalkIn(page, 'Dora Deux', 'deux@example.org');
    await button(page, 'Donner une place').click();
    await answerOf(page).getByText('Cette personne a déjà une place à cette heure').waitFor();
    expect(await answerOf(page).textContent()).toContain(parallel.title.slice(0, 12));
    expect(await answerOf(page).textContent()).toMatch(new RegExp(`\\d\\sh\\s\\d\\d.*, ${parallel.room}`));
    await dismissAnswer(page);
    expect(await page.getByLabel('E-mail').inputValue()).toBe('deux@example.org');
  });

  it('is refused when the Café is full or over; an invalid address is reported at its field', async () => {
    await fillUp(current.id);
    const page = await openDoor();
    await fillWalkIn(page, 'Félix Trop', 'felix@example.org');
    await page.getByText('Complet.', { exact: false }).first().waitFor();
    await button(page, 'Donner une place').click();
    await answerOf(page).getByText('Ce Café est complet').waitFor();
    await answerOf(page).getByText('Les places des absents se libèrent').waitFor();
    await dismissAnswer(page);
    await page.getByLabel('E-mail').fill('felix@nowhere');
    await button(page, 'Donner une place').click();
    await page.locator('#main .field .error').waitFor();
    expect(await page.getByLabel('E-mail').getAttribute('aria-invalid')).toBe('true');
    const overPage = await openDoor(past.id);
    await fillWalkIn(overPage, 'Félix Trop', 'felix@example.org');
    await button(overPage, 'Donner une place').click();
    await answerOf(overPage).getByText('Ce Café est terminé').waitFor();
  });
});

describe('a form of a host', () => {
  it('is checked by the page alone: a sentence at the field and above, and the focus on the first', async () => {
    const page = await openDoor();
    await button(page, 'Vérifier').click();
    await page.locator('.ticket-form .error', { hasText: 'Il manque le texte du billet' }).waitFor();
    await page.locator('.summary-of-faults a', { hasText: 'Il manque le texte du billet' }).waitFor();
    expect(await page.evaluate('document.activeElement.name')).toBe('ticket');
    await button(page, 'Sans inscription').click();
    await button(page, 'Donner une place').click();
    await page.locator('.walk-in .error', { hasText: 'Il manque le nom.' }).waitFor();
    expect(await page.evaluate('document.activeElement.name')).toBe('name');
    expect(await page.locator('form:not([novalidate])').count()).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
  });
});

describe('the list of the door', () => {
  it('counts zero and one in the singular, and two in the plural', async () => {
    const page = await openDoor(emptyCafe.id);
    const figures = async () => [
      await figure(page, 'present').textContent(),
      await figure(page, 'expected').textContent(),
    ];
    expect(await figures()).toEqual(['0présent', '0attendu']);
    const first = await take(await newPerson(), emptyCafe.id);
    await take(await newPerson(), emptyCafe.id);
    await page.getByText('attendus').waitFor();
    await world.seats.checkIns.checkIn({ registrationId: first, cafeId: emptyCafe.id, by: host });
    await page.getByText('Ici depuis').waitFor();
    expect(await figures()).toEqual(['1présent', '2attendus']);
    await page.getByRole('link', { name: 'Tous les Cafés' }).click();
    await page
      .locator(`[data-cafe="${emptyCafe.code}"]`, { hasText: '1 présent · 2 attendus · 0 en attente' })
      .waitFor();
  });

  it('releases the seats of people chosen by name, no more than people wait, after it showed the effect', async () => {
    const [absent, other, waiting] = [
      await newPerson('Absalon Absent'),
      await newPerson('Berthe Busmanqué'),
      await newPerson('Léon Ligne'),
    ];
    await world.seats.cafes.changeCafe(current.id, { capacity: (await seatsOf(current.id)).taken + 2 });
    for (const person of [absent, other, waiting]) await take(person, current.id);
    await world.database.pool.query('update event set no_show_grace_minutes = 30');
    const early = await openDoor();
    await early.getByText(/^À partir de \d+\sh\s\d\d, les places des absents/).waitFor();
    await world.database.pool.query('update event set no_show_grace_minutes = 5');
    const page = await openDoor();
    await page.getByText('1 personne attend : choisissez au plus 1 place.').waitFor();
    const named = (name: string) => page.getByRole('checkbox', { name });
    await button(page, 'Libérer les places choisies').click();
    await page.locator('.error', { hasText: 'Choisissez au moins une personne.' }).waitFor();
    for (const name of ['Absalon Absent', 'Berthe Busmanqué']) await named(name).check();
    await page.getByText('Places qui vont à la liste d’attente : Absalon Absent et Berthe Busmanqué.').waitFor();
    await button(page, 'Libérer 2 places').click();
    await page.locator('.error', { hasText: 'Une place de plus resterait vide.' }).waitFor();
    await named('Berthe Busmanqué').uncheck();
    expect(await violationsOf(page)).toEqual([]);
    await button(page, 'Libérer 1 place').click();
    await page.getByText('Place qui va à la liste d’attente dans quelques secondes : Absalon Absent.').waitFor();
    await focusOn(page, 'document.activeElement.className', 'note clash undo');
    expect(await statusOf(absent, current.id)).toBe('confirmed');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Rien n’a changé, et aucun message n’est parti.').waitFor();
    await named('Absalon Absent').check();
    await button(page, 'Libérer 1 place').click();
    await page.getByText('Place qui va à la liste d’attente dans quelques secondes : Absalon Absent').last().waitFor();
    await waitFor(
      async () => {
        // The worker does this. No worker runs here.
        await world.seats.pending.applyDue();
        return (await statusOf(waiting, current.id)) === 'offered';
      },
      { what: 'the seat to go to the waitlist' },
    );
    expect([await statusOf(absent, current.id), await statusOf(other, current.id)]).toEqual(['cancelled', 'confirmed']);
    // An offer is not a hold: its person must answer it, not prove an address.
    await page.locator('.people li', { hasText: 'Léon Ligne' }).getByText('place proposée, réponse attendue').waitFor();
    await page.getByText(/Personne n’attend\s: (elle garde sa|elles gardent leur) place/).waitFor();
  });
});

describe('a role that is revoked', () => {
  it('ends on the open pages of a host within 5 s: they show a note and no person any more', async () => {
    const role = { role: 'host', eventId: world.stack.eventId, roomId: current.roomId } as const;
    await take(await newPerson('Visible Autrefois'), current.id);
    const door = await openDoor();
    await door.getByText('Visible Autrefois').waitFor();
    const list = await (contexts.at(-1) as BrowserContext).newPage();
    await list.goto(`${world.stack.apiUrl}/host`);
    await list.locator('.card').first().waitFor();

    await world.people.roles.revoke(host, role);
    for (const page of [door, list]) {
      await page.getByText('Ce rôle vous a été retiré').waitFor({ timeout: 5_000 });
    }
    expect(await door.getByText('Visible Autrefois').count()).toBe(0);
    expect(await list.locator('.card').count()).toBe(0);

    await world.people.roles.grant(host, role);
    await door.getByText('Visible Autrefois').waitFor();
  });
});

describe('a name that a person typed to deface the list', () => {
  it('stays in its line on a phone: no element is wider than the page, and no mark covers another person', async () => {
    const long = await newPerson('W'.repeat(120));
    const stacked = await newPerson('Zalgo');
    const plain = await newPerson('Aïcha Zidane');
    for (const person of [long, stacked, plain]) await take(person, emptyCafe.id);
    // A name as it was stored before names had rules.
    const marks = `Z${'\u0301\u0316'.repeat(50)}algo`;
    await world.database.pool.query('update attendee set name = $2, organisation = $3 where id = $1', [
      stacked,
      marks,
      `${'M'.repeat(160)}${'\u0301'.repeat(100)}`,
    ]);
    const page = await openDoor(emptyCafe.id);
    const row = (text: string) => page.locator('.door-list .people li').filter({ hasText: text });
    await row('Aïcha Zidane').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
    for (const text of ['WWW', 'algo', 'Aïcha'])
      expect((await row(text).locator('b').boundingBox())?.width).toBeLessThanOrEqual(PHONE.width);
    // The painted name ends with its line.
    const clipped = await page.evaluate(
      `getComputedStyle([...document.querySelectorAll('.door-list bdi')].find((name) => name.textContent.includes('algo'))).overflowY`,
    );
    expect(clipped).toBe('clip');
    expect((await row('algo').locator('bdi').boundingBox())?.height).toBeLessThan(60);
  });

  it('is found in any spelling', async () => {
    for (const name of ['Łukasz Straße', 'Zoé Lefèvre', 'Seán O’Neil', 'Iğdır Çelik', 'أحمد بن علي'])
      await take(await newPerson(name), emptyCafe.id);
    const page = await openDoor(emptyCafe.id);
    const search = page.getByLabel('Chercher un nom');
    const shown = page.locator('.door-list .people li b');
    for (const [typed, name] of [
      ['lukasz', 'Łukasz Straße'],
      ['strasse luk', 'Łukasz Straße'],
      ['lefevre zoe', 'Zoé Lefèvre'],
      ['oneil', 'Seán O’Neil'],
      ['igdir', 'Iğdır Çelik'],
      ['احمد', 'أحمد بن علي'],
    ] as const) {
      await search.fill(typed);
      await waitFor(async () => (await shown.allTextContents()).join() === name, {
        what: `${typed} to find ${name} alone`,
      });
    }
  });
});
