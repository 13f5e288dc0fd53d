import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { waitFor } from '../support/index.ts';
import { faultsOf, startWorld, type World } from './world.ts';

interface Row {
  code: string;
  id: string;
  title: string;
  roomId: string;
  room: string;
}

/** It runs. */
const NOW = ['-5 minutes', '40 minutes'] as const;
const PHONE = { width: 390, height: 844 };

let world: World;
let host: string;
/** Of one room: two that run now, at the same time; two of other days; one that is over. */
let here: Row;
let beside: Row;
let otherDay: Row;
let quiet: Row;
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
  [here, beside, otherDay, quiet, past] = rows.filter(({ roomId }) => roomId === first.roomId) as [
    Row,
    Row,
    Row,
    Row,
    Row,
  ];
  await setTime(here.id, NOW);
  await setTime(beside.id, NOW);
  await setTime(otherDay.id, ['3 days', '73 hours']);
  await setTime(past.id, ['-2 hours', '-1 hour']);
  host = await world.person('hote@example.org', 'Hélène Hôte');
  await world.people.roles.grant(host, { role: 'host', eventId: world.stack.eventId, roomId: here.roomId });
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(() => world?.stop());

/** When a Café begins and ends, from now on: of one in which nobody has a seat yet. */
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

/** @returns the registration's id */
async function take(attendeeId: string, cafeId: string): Promise<string> {
  const taken = await world.seats.claims.claim({ cafeId, attendeeId, guest: false });
  if (taken.outcome !== 'created') throw new Error(taken.outcome);
  return taken.registration.id;
}

/** Nobody can take a seat any more. */
async function fillUp(cafeId: string): Promise<void> {
  await world.seats.cafes.changeCafe(cafeId, { capacity: Math.max(1, (await seatsOf(cafeId)).taken) });
}

async function openDoor(cafeId = here.id): Promise<Page> {
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

/** The text of a ticket, as its person's page gets it. */
async function ticketOf(attendeeId: string, registrationId: string): Promise<string> {
  const context = await world.context(attendeeId);
  contexts.push(context);
  const answer = await context.request.get(`${world.stack.apiUrl}/api/v1/registrations/${registrationId}/ticket`);
  return ((await answer.json()) as { ticket: string }).ticket;
}

/** The keyboard is at what this says of it. */
const focusOn = (page: Page, said: string, expected: string) =>
  waitFor(async () => (await page.evaluate(said)) === expected, { what: `the focus to be on ${expected}` });

/** Taps the screen until the answer is gone. */
async function goOn(page: Page): Promise<void> {
  await waitFor(
    async () => {
      if ((await answerOf(page).count()) === 0) return true;
      await page.mouse.click(195, 100);
      return false;
    },
    { what: 'the answer to make way' },
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
  it('fills the screen, wherever the list was scrolled to, and a welcome makes way by itself', async () => {
    for (let count = 0; count < 12; count++) await take(await newPerson(), here.id);
    await take(await newPerson('Zoé Zola'), here.id);
    const page = await openDoor();
    const last = button(page, 'Enregistrer l’arrivée : Zoé Zola');
    await last.scrollIntoViewIfNeeded();
    await last.click();
    await answerOf(page).getByText('Bienvenue, Zoé Zola').waitFor();
    expect(await answerOf(page).boundingBox()).toEqual({ x: 0, y: 0, ...PHONE });
    const box = await answerOf(page).getByRole('alert').boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(PHONE.height);
    // Nothing lies over it: neither the head nor what stays at the thumb's height.
    const covered = `[[10, 10], [195, 422], [195, 835]].every(([x, y]) => document.elementFromPoint(x, y).closest('.answer'))`;
    expect(await page.evaluate(covered)).toBe(true);
    expect(await faultsOf(page)).toEqual([]);
    await answerOf(page).waitFor({ state: 'detached' });
    // Who came can be undone where the finger was.
    await button(page, 'Annuler l’arrivée : Zoé Zola').click();
    await last.waitFor();
  });

  it('stands until somebody goes on, where it refuses: by a tap anywhere, or by any key, which reaches nothing else', async () => {
    const page = await openDoor();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 1_000);
    await enter(page, 'not a ticket');
    await answerOf(page).getByText('Billet non valable').waitFor();
    // The second tap of two does not take away what nobody has read yet.
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

  it('says to somebody with a seat elsewhere in which Café it is, when and in which room', async () => {
    const ines = await newPerson('Inès Ailleurs');
    const page = await openDoor();
    const elsewhere = await take(ines, otherDay.id);
    await enter(page, await ticketOf(ines, elsewhere));
    await answerOf(page).getByText('Inès Ailleurs : la place est dans un autre Café').waitFor();
    const told = await answerOf(page).textContent();
    expect(told).toContain(`Café ${otherDay.code} · ${otherDay.title.slice(0, 12)}`);
    expect(told).toMatch(new RegExp(`\\p{L}+\\s\\d+\\s\\p{L}+, \\d+\\sh\\s\\d\\d.*, ${otherDay.room}`, 'u'));
  });

  it('says why a seat is not confirmed, and what still helps', async () => {
    const gone = await newPerson('Gaston Parti');
    const seat = await take(gone, here.id);
    const ticket = await ticketOf(gone, seat);
    await world.seats.registrations.cancel(seat, gone);
    const page = await openDoor();
    await enter(page, ticket);
    await answerOf(page).getByText('Gaston Parti : pas de place confirmée').waitFor();
    await answerOf(page).getByText('inscription annulée').waitFor();
    await answerOf(page).getByText('« Sans inscription »').waitFor();
  });

  it('shows at once that it waits, on a slow network', async () => {
    await take(await newPerson('Léa Lente'), here.id);
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

  it('keeps Enter from the button that undoes, while it stands and afterwards', async () => {
    const claimed = await take(await newPerson('Enzo Entrée'), here.id);
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
    // A later change arrives after whatever these keys did.
    await take(await newPerson('Après Coup'), here.id);
    await page.getByText('Après Coup').waitFor();
    expect((await world.seats.reads.registration(claimed))?.checkedInAt).toBeDefined();
  });
});

describe('a ticket reader that types', () => {
  it('is heard anywhere on the page: before any click, in a field, and while an answer stands', async () => {
    const people = [
      await newPerson('Una Première'),
      await newPerson('Duo Deuxième'),
      await newPerson('Tris Troisième'),
    ];
    const tickets: string[] = [];
    for (const person of people) tickets.push(await ticketOf(person, await take(person, here.id)));
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
  it('keeps its list and the arrivals over a reload, says so, and sends them when the network is back', async () => {
    const claimed = await take(await newPerson('Coupé Réseau'), here.id);
    const context = await world.context(host, { viewport: PHONE });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${world.stack.apiUrl}/host/cafes/${here.id}`);
    const needed = [`/cafes/${here.id}`, '/me'];
    const kept = `caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys()))))
      .then((keys) => ${JSON.stringify(needed)}.every((path) => keys.flat().some(({ url }) => new URL(url).pathname.endsWith(path))))`;
    await waitFor(() => page.evaluate<boolean>(kept), { what: 'the page to be kept' });
    await button(page, 'Enregistrer l’arrivée : Coupé Réseau').waitFor();
    await context.setOffline(true);
    await button(page, 'Enregistrer l’arrivée : Coupé Réseau').click();
    await answerOf(page).getByText('Arrivée notée : Coupé Réseau').waitFor();
    expect(await answerOf(page).getAttribute('class')).toBe('answer warn');
    await goOn(page);
    await page.reload();
    const row = page.locator('.people li', { hasText: 'Coupé Réseau' });
    await row.getByText(/notée à \d.*, à envoyer/).waitFor();
    await page.locator('.door-state', { hasText: /^1 arrivée à envoyer · Liste lue il y a/ }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    expect((await world.seats.reads.registration(claimed))?.checkedInAt).toBeUndefined();
    await context.setOffline(false);
    await row.getByText('Ici depuis').waitFor();
    await page.locator('.door-state', { hasText: 'à envoyer' }).waitFor({ state: 'detached' });
    // A sign-out leaves nobody's name on the device.
    await page.getByRole('button', { name: /^Me déconnecter/ }).click();
    const lists = `indexedDB.databases().then((all) => all.some(({ name }) => name === 'comptoir-door'))`;
    await waitFor(async () => !(await page.evaluate<boolean>(lists)), { what: 'the list to be deleted' });
  });
});

describe('while the gateway is away', () => {
  it('the list is read from the API, and again after an arrival', async () => {
    await take(await newPerson('Aline Sans Direct'), here.id);
    const context = await world.context(host, { viewport: PHONE, serviceWorkers: 'block' });
    contexts.push(context);
    await context.routeWebSocket(/socket\.io/, () => {});
    await context.route(/socket\.io/, (route) => route.abort());
    const page = await context.newPage();
    await page.goto(`${world.stack.apiUrl}/host/cafes/${here.id}`);
    const { present } = await seatsOf(here.id);
    await button(page, 'Enregistrer l’arrivée : Aline Sans Direct').click();
    await page.locator('[data-figure="present"]', { hasText: new RegExp(`^${present + 1}`) }).waitFor();
  });
});

describe('a Café of another day', () => {
  it('says so at the head and with each arrival, takes a name that is chosen, and records no scan', async () => {
    const early = await newPerson('Ève Avance');
    const seat = await take(early, otherDay.id);
    const page = await openDoor(otherDay.id);
    await page.getByText('Ce Café est un autre jour').waitFor();
    await enter(page, await ticketOf(early, seat));
    await answerOf(page).getByText('Ève Avance : l’arrivée n’est pas enregistrée').waitFor();
    await answerOf(page).getByText('Ce Café est un autre jour').waitFor();
    expect((await world.seats.reads.registration(seat))?.checkedInAt).toBeUndefined();
    await goOn(page);
    await button(page, 'Enregistrer l’arrivée : Ève Avance').click();
    await answerOf(page).getByText('Bienvenue, Ève Avance').waitFor();
    await answerOf(page).getByText('Ce Café est un autre jour').waitFor();
    expect((await world.seats.reads.registration(seat))?.checkedInAt).toBeDefined();
    const today = await openDoor(here.id);
    expect(await today.getByText('Ce Café est un autre jour').count()).toBe(0);
  });
});

describe('somebody without a registration', () => {
  it('is seated and checked in by a name and an address, once for two taps', async () => {
    const page = await openDoor();
    const before = await seatsOf(here.id);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/walk-ins')) asked.push(request.url());
    });
    const opener = button(page, 'Sans inscription');
    const box = await opener.boundingBox();
    expect(box?.y).toBeGreaterThan(PHONE.height / 2);
    expect(box?.height).toBeGreaterThanOrEqual(48);
    await opener.click();
    await focusOn(page, 'document.activeElement.name', 'name');
    expect(await faultsOf(page)).toEqual([]);
    await page.getByLabel('Nom', { exact: true }).fill('Wanda Passage');
    await page.getByLabel('E-mail').fill('wanda@example.org');
    await button(page, 'Donner une place').dblclick();
    await answerOf(page).getByText('Bienvenue, Wanda Passage').waitFor();
    await page.getByText('Ici depuis').first().waitFor();
    expect(asked).toHaveLength(1);
    expect(await seatsOf(here.id)).toMatchObject({ taken: before.taken + 1, present: before.present + 1 });
    // The form is gone, and the keyboard is where it was opened.
    expect(await page.getByLabel('Nom', { exact: true }).count()).toBe(0);
    await focusOn(page, 'document.activeElement.textContent', 'Sans inscription');
  });

  it('is seated by a name alone, is one person for a lost answer, and gives the seat back when the arrival is undone', async () => {
    const page = await openDoor();
    const before = await seatsOf(here.id);
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
    await goOn(page);
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
    expect(await seatsOf(here.id)).toMatchObject({ taken: before.taken + 1, present: before.present + 1 });
    const line = page.getByRole('listitem').filter({ hasText: 'Sana Sans-Adresse' });
    expect(await line.textContent()).toContain('sans adresse');
    expect(await faultsOf(page)).toEqual([]);
    await button(page, 'Annuler l’arrivée et la place : Sana Sans-Adresse').click();
    await line.waitFor({ state: 'detached' });
    expect(await seatsOf(here.id)).toMatchObject({ taken: before.taken, present: before.present });
  });

  it('is welcomed by the second try where the answer to the first was lost, and told apart when they come again', async () => {
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
    await goOn(page);
    const welcome = answerOf(page).getByText('Bienvenue, Luc Perdu');
    // So soon after the first, a tap is taken for the second of two: then they tap again.
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

  it('is told of their seat at the same time, by its Café, room and time; what was typed stays', async () => {
    await take(await world.person('deux@example.org', 'Dora Deux'), beside.id);
    const page = await openDoor();
    await fillWalkIn(page, 'Dora Deux', 'deux@example.org');
    await button(page, 'Donner une place').click();
    await answerOf(page).getByText('Cette personne a déjà une place à cette heure').waitFor();
    expect(await answerOf(page).textContent()).toContain(beside.title.slice(0, 12));
    expect(await answerOf(page).textContent()).toMatch(new RegExp(`\\d\\sh\\s\\d\\d.*, ${beside.room}`));
    await goOn(page);
    expect(await page.getByLabel('E-mail').inputValue()).toBe('deux@example.org');
  });

  it('is told that the Café is full, or over, and an address that is none at its field', async () => {
    await fillUp(here.id);
    const page = await openDoor();
    await fillWalkIn(page, 'Félix Trop', 'felix@example.org');
    await page.getByText('Complet.', { exact: false }).first().waitFor();
    await button(page, 'Donner une place').click();
    await answerOf(page).getByText('Ce Café est complet').waitFor();
    await answerOf(page).getByText('Les places des absents se libèrent').waitFor();
    await goOn(page);
    await page.getByLabel('E-mail').fill('felix@nowhere');
    await button(page, 'Donner une place').click();
    await page.locator('#main .field .error').waitFor();
    expect(await page.getByLabel('E-mail').getAttribute('aria-invalid')).toBe('true');
    const over = await openDoor(past.id);
    await fillWalkIn(over, 'Félix Trop', 'felix@example.org');
    await button(over, 'Donner une place').click();
    await answerOf(over).getByText('Ce Café est terminé').waitFor();
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
    expect(await faultsOf(page)).toEqual([]);
  });
});

describe('the list of the door', () => {
  it('counts nobody and one in the singular, two in the plural', async () => {
    const page = await openDoor(quiet.id);
    const figures = async () => [
      await figure(page, 'present').textContent(),
      await figure(page, 'expected').textContent(),
    ];
    expect(await figures()).toEqual(['0présent', '0attendu']);
    const first = await take(await newPerson(), quiet.id);
    await take(await newPerson(), quiet.id);
    await page.getByText('attendus').waitFor();
    await world.seats.checkIns.checkIn({ registrationId: first, cafeId: quiet.id, by: host });
    await page.getByText('Ici depuis').waitFor();
    expect(await figures()).toEqual(['1présent', '2attendus']);
    await page.getByRole('link', { name: 'Tous les Cafés' }).click();
    await page.locator(`[data-cafe="${quiet.code}"]`, { hasText: '1 présent · 2 attendus · 0 en attente' }).waitFor();
  });

  it('releases the seats of people chosen by name, no more than wait, after it was said what that does', async () => {
    const [absent, other, waiting] = [
      await newPerson('Absalon Absent'),
      await newPerson('Berthe Busmanqué'),
      await newPerson('Léon Ligne'),
    ];
    await world.seats.cafes.changeCafe(here.id, { capacity: (await seatsOf(here.id)).taken + 2 });
    for (const person of [absent, other, waiting]) await take(person, here.id);
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
    expect(await faultsOf(page)).toEqual([]);
    await button(page, 'Libérer 1 place').click();
    await page.getByText('Place qui va à la liste d’attente dans quelques secondes : Absalon Absent.').waitFor();
    await focusOn(page, 'document.activeElement.className', 'note clash undo');
    expect(await statusOf(absent, here.id)).toBe('confirmed');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Rien n’a changé, et aucun message n’est parti.').waitFor();
    await named('Absalon Absent').check();
    await button(page, 'Libérer 1 place').click();
    await page.getByText('Place qui va à la liste d’attente dans quelques secondes : Absalon Absent').last().waitFor();
    await waitFor(
      async () => {
        // What the worker does, which is not here.
        await world.seats.pending.applyDue();
        return (await statusOf(waiting, here.id)) === 'offered';
      },
      { what: 'the seat to go to the line' },
    );
    expect([await statusOf(absent, here.id), await statusOf(other, here.id)]).toEqual(['cancelled', 'confirmed']);
    // An offer is not a hold: its person must answer, not prove an address.
    await page.locator('.people li', { hasText: 'Léon Ligne' }).getByText('place proposée, réponse attendue').waitFor();
    await page.getByText(/Personne n’attend\s: (elle garde sa|elles gardent leur) place/).waitFor();
  });
});

describe('a role that is revoked', () => {
  it('ends on the open pages of a host within 5 s, with a word, and they show nobody any more', async () => {
    const role = { role: 'host', eventId: world.stack.eventId, roomId: here.roomId } as const;
    await take(await newPerson('Visible Autrefois'), here.id);
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

describe('a name that somebody typed to deface the list', () => {
  it('stays in its line on a phone: nothing is wider than the page, and no mark covers another person', async () => {
    const long = await newPerson('W'.repeat(120));
    const stacked = await newPerson('Zalgo');
    const plain = await newPerson('Aïcha Zidane');
    for (const person of [long, stacked, plain]) await take(person, quiet.id);
    // As it was stored before names had rules.
    const marks = `Z${'\u0301\u0316'.repeat(50)}algo`;
    await world.database.pool.query('update attendee set name = $2, organisation = $3 where id = $1', [
      stacked,
      marks,
      `${'M'.repeat(160)}${'\u0301'.repeat(100)}`,
    ]);
    const page = await openDoor(quiet.id);
    const row = (text: string) => page.locator('.door-list .people li').filter({ hasText: text });
    await row('Aïcha Zidane').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width);
    for (const text of ['WWW', 'algo', 'Aïcha'])
      expect((await row(text).locator('b').boundingBox())?.width).toBeLessThanOrEqual(PHONE.width);
    // What is painted of a name ends with its line.
    const clipped = await page.evaluate(
      `getComputedStyle([...document.querySelectorAll('.door-list bdi')].find((name) => name.textContent.includes('algo'))).overflowY`,
    );
    expect(clipped).toBe('clip');
    expect((await row('algo').locator('bdi').boundingBox())?.height).toBeLessThan(60);
  });

  it('is found however it is typed', async () => {
    for (const name of ['Łukasz Straße', 'Zoé Lefèvre', 'Seán O’Neil', 'Iğdır Çelik', 'أحمد بن علي'])
      await take(await newPerson(name), quiet.id);
    const page = await openDoor(quiet.id);
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
