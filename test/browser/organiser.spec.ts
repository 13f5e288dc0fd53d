import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { waitFor } from '../support/index.ts';
import { faultsOf, startWorld, type World } from './world.ts';

interface Row {
  code: string;
  id: string;
  title: string;
  /** On the walls of the event, as it is typed. */
  begins: string;
}

let world: World;
let organiser: string;
let cafes: Row[];
const contexts: BrowserContext[] = [];
let people = 0;

beforeAll(async () => {
  world = await startWorld();
  organiser = await world.person('organisatrice@example.org', 'Odile Organise');
  await world.people.grantRole(organiser, { role: 'organiser', eventId: world.stack.eventId });
  const { rows } = await world.database.pool.query<Row>(
    `select c.code, c.id, c.texts -> 'fr' ->> 'title' as title,
       to_char(c.starts_at at time zone e.time_zone, 'YYYY-MM-DD"T"HH24:MI') as begins
     from cafe c join event e on e.id = c.event_id order by c.starts_at, c.position`,
  );
  cafes = rows;
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
});
afterAll(() => world?.stop());

const cafe = (place: number) => cafes[place] as Row;
const newPerson = () => world.person(`person-${++people}@example.org`, `Personne ${people}`);
const take = (attendeeId: string, cafeId: string) => world.seats.claim({ cafeId, attendeeId, proved: true });
const statusOf = async (attendeeId: string, cafeId: string) =>
  (await world.seats.registrationsOf(attendeeId)).find((registration) => registration.cafeId === cafeId)?.status;

/** What the database knows of a Café. */
async function known(cafeId: string) {
  const { rows } = await world.database.pool.query<{
    state: string;
    capacity: number;
    target: number | null;
    waitlistOpen: boolean;
    begins: string;
  }>(
    `select s.state, s.capacity, s.target_capacity as target, s.waitlist_open as "waitlistOpen",
       to_char(c.starts_at at time zone e.time_zone, 'YYYY-MM-DD"T"HH24:MI') as begins
     from cafe_seats s join cafe c on c.id = s.cafe_id join event e on e.id = c.event_id where c.id = $1`,
    [cafeId],
  );
  return rows[0];
}

/** Far from the event, so that its time is not the browser's. */
async function open(attendeeId: string, path: string): Promise<Page> {
  const context = await world.context(attendeeId, {
    viewport: { width: 390, height: 844 },
    timezoneId: 'America/Martinique',
  });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(world.stack.apiUrl + path);
  return page;
}

async function openCafe(cafeId: string): Promise<Page> {
  const page = await open(organiser, `/organiser/cafes/${cafeId}`);
  await button(page, 'Voir ce qui changerait').waitFor();
  return page;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
/** Counts what the page asks the API to change. */
function changes(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' && !request.url().endsWith('/move-preview')) asked.push(request.url());
  });
  return asked;
}

describe('a Café that is moved', () => {
  it('goes to the time typed on the event’s clock, and offers a swap to whoever has a seat in both', async () => {
    const [moved, other] = [cafe(0), cafes.find(({ begins }) => begins > cafe(0).begins) as Row];
    const [both, free] = [await newPerson(), await newPerson()];
    await take(both, moved.id);
    await take(both, other.id);
    await take(free, moved.id);
    const page = await open(organiser, '/organiser');
    await page.getByRole('link', { name: moved.title }).click();
    const start = page.getByLabel('Début');
    await start.waitFor();
    expect(await start.inputValue()).toBe(moved.begins);
    expect(await button(page, 'Voir ce qui changerait').isDisabled()).toBe(true);
    await start.fill(other.begins);
    await button(page, 'Voir ce qui changerait').click();
    await page.getByText('1 personne aurait deux places à la fois.').waitFor();
    const clash = page.locator('.people li');
    expect(await clash.count()).toBe(1);
    expect(await clash.textContent()).toContain(`Personne ${people - 1}`);
    expect(await clash.textContent()).toContain(other.title);
    // Another field, and what was seen is seen no longer.
    await page.getByLabel('Capacité là-bas').fill('19');
    expect(await button(page, 'Déplacer le Café').count()).toBe(0);
    await page.getByLabel('Capacité là-bas').fill('');
    await button(page, 'Voir ce qui changerait').click();
    await page.getByLabel('Proposer un échange').check();
    expect(await faultsOf(page)).toEqual([]);
    const asked = changes(page);
    await button(page, 'Déplacer le Café').dblclick();
    await page.getByText('C’est fait').waitFor();
    expect(asked).toHaveLength(1);
    expect(await known(moved.id)).toMatchObject({ begins: other.begins });
    expect(await statusOf(free, moved.id)).toBe('confirmed');
    expect(await statusOf(both, other.id)).toBe('confirmed');
    const plan = await open(both, '/me');
    await plan.getByText('En acceptant, vous rendez l’autre place').waitFor();
    await button(plan, 'Accepter la place').click();
    await waitFor(async () => (await statusOf(both, moved.id)) === 'confirmed', { what: 'the swap' });
    expect(await statusOf(both, other.id)).toBe('cancelled');
  });

  it('is not, where a clash came after the look: it is said, shown, and what was typed stays', async () => {
    const [moved, other] = [cafe(3), cafes.find(({ begins }) => begins > cafe(3).begins) as Row];
    const both = await newPerson();
    await take(both, moved.id);
    const page = await openCafe(moved.id);
    await page.getByLabel('Début').fill(other.begins);
    await button(page, 'Voir ce qui changerait').click();
    await page.getByText('Personne n’aurait deux places à la fois.').waitFor();
    await take(both, other.id);
    await button(page, 'Déplacer le Café').click();
    await page.getByRole('alert').getByText('Des personnes auraient deux places à la fois').waitFor();
    await page.getByText('1 personne aurait deux places à la fois.').waitFor();
    expect(await page.getByLabel('Début').inputValue()).toBe(other.begins);
    expect(await known(moved.id)).toMatchObject({ begins: moved.begins });
  });

  it('loses the seats that are too many only when that is said', async () => {
    const moved = cafe(2);
    const [first, last] = [await newPerson(), await newPerson()];
    await take(first, moved.id);
    await take(last, moved.id);
    const page = await openCafe(moved.id);
    await page.getByLabel('Capacité là-bas').fill('1');
    await button(page, 'Voir ce qui changerait').click();
    await page.getByText('1 place de trop').waitFor();
    const asked = changes(page);
    await button(page, 'Déplacer le Café').click();
    expect(asked).toEqual([]);
    await page.getByLabel('Annuler la dernière place donnée').check();
    await button(page, 'Déplacer le Café').click();
    await page.getByText('C’est fait').waitFor();
    expect([await statusOf(first, moved.id), await statusOf(last, moved.id)]).toEqual(['confirmed', 'cancelled']);
  });
});

describe('the seats of a Café', () => {
  it('go down to a target as they become free, which is shown, and can be left', async () => {
    const { id } = cafe(5);
    const [leaving, ...staying] = [await newPerson(), await newPerson(), await newPerson(), await newPerson()];
    const left = await take(leaving, id);
    for (const attendeeId of staying) await take(attendeeId, id);
    const page = await openCafe(id);
    await page.getByLabel('Capacité', { exact: true }).fill('2');
    await button(page, 'Enregistrer').click();
    await page.getByRole('alert').getByText('4 places sont déjà prises, plus que 2.').waitFor();
    expect(await page.getByLabel('Capacité', { exact: true }).inputValue()).toBe('2');
    expect(await known(id)).toMatchObject({ target: null });
    await button(page, /^Descendre à 2/).click();
    await page.getByText(/^Capacité visée.: 2\./).waitFor();
    expect(await known(id)).toMatchObject({ capacity: 4, target: 2 });
    if (left.outcome === 'created') await world.seats.cancel(left.registration.id, leaving);
    await page.getByText('prises sur 3').waitFor();
    await page.reload();
    await page.getByText(/^Capacité visée.: 2\./).waitFor();
    await button(page, 'Rester à 3').click();
    await page.getByText(/^Capacité visée.: 2\./).waitFor({ state: 'detached' });
    expect(await known(id)).toMatchObject({ capacity: 3, target: null });
  });

  it('are no more than its room’s', async () => {
    const page = await openCafe(cafe(5).id);
    await page.getByLabel('Capacité', { exact: true }).fill('99999');
    await button(page, 'Enregistrer').click();
    await page.getByText(/^La salle n’a que \d+ places\.$/).waitFor();
  });

  it('of those who did not come go to the line, once it has begun', async () => {
    const { id } = cafe(6);
    const [present, absent, waiting] = [await newPerson(), await newPerson(), await newPerson()];
    const page = await openCafe(id);
    await page.getByText('Quand le Café aura commencé').waitFor();
    await world.seats.changeCafe(id, { capacity: 2 });
    const taken = await take(present, id);
    await take(absent, id);
    await take(waiting, id);
    await world.database.pool.query(
      `update cafe set starts_at = date_trunc('minute', now()) - interval '5 minutes',
         ends_at = date_trunc('minute', now()) + interval '40 minutes' where id = $1`,
      [id],
    );
    if (taken.outcome !== 'created') throw new Error(taken.outcome);
    await world.seats.checkIn({ registrationId: taken.registration.id, cafeId: id, by: organiser });
    await page.reload();
    await button(page, 'Donner les places des absents').click();
    await page.getByText('1 personne a une place et n’est pas là.').waitFor();
    expect(await statusOf(absent, id)).toBe('confirmed');
    await button(page, 'Donner 1 place').click();
    await waitFor(async () => (await statusOf(waiting, id)) === 'offered', { what: 'the seat to go to the line' });
    expect([await statusOf(present, id), await statusOf(absent, id)]).toEqual(['confirmed', 'cancelled']);
  });
});

describe('the line of a Café', () => {
  it('is closed with one tap, for everybody in it, and one tap only', async () => {
    const { id } = cafe(7);
    const [seated, waiting] = [await newPerson(), await newPerson()];
    await world.seats.changeCafe(id, { capacity: 1 });
    await take(seated, id);
    await take(waiting, id);
    const page = await openCafe(id);
    await page.getByText('Fermer met fin à l’attente de 1 personne').first().waitFor();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 1_000);
    const asked = changes(page);
    await button(page, 'Fermer la liste d’attente').dblclick();
    await page.getByText('La liste d’attente est fermée.').waitFor();
    expect(await known(id)).toMatchObject({ waitlistOpen: false, state: 'open' });
    // The button says the contrary now; a second tap that was meant for the first does not ask for it.
    await button(page, 'Ouvrir la liste d’attente').click();
    await page.clock.runFor(1_000);
    await button(page, 'Ouvrir la liste d’attente').click();
    await page.getByText('La liste d’attente est ouverte.').waitFor();
    expect(asked).toHaveLength(2);
    expect(await known(id)).toMatchObject({ waitlistOpen: true });
    expect([await statusOf(seated, id), await statusOf(waiting, id)]).toEqual(['confirmed', 'cancelled']);
  });
});

describe('a Café that will not take place', () => {
  it('is cancelled with a second tap that says how many are told, and shows so', async () => {
    const { id, code } = cafe(8);
    const [seated, waiting] = [await newPerson(), await newPerson()];
    await world.seats.changeCafe(id, { capacity: 1 });
    await take(seated, id);
    await take(waiting, id);
    const page = await openCafe(id);
    await button(page, 'Annuler le Café').click();
    await page.getByText('1 personne a une place. 1 personne attend.').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await button(page, 'Ne rien changer').click();
    await page.locator(':focus', { hasText: 'Annuler le Café' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await known(id)).toMatchObject({ state: 'open' });
    const asked = changes(page);
    await button(page, 'Oui, annuler ce Café').dblclick();
    await page.getByText('Ce Café n’aura pas lieu.').waitFor();
    expect(asked).toHaveLength(1);
    expect(await known(id)).toMatchObject({ state: 'cancelled' });
    expect([await statusOf(seated, id), await statusOf(waiting, id)]).toEqual(['cancelled', 'cancelled']);
    expect(await button(page, 'Déplacer le Café').count()).toBe(0);
    await page.getByRole('main').getByRole('link', { name: 'Organisation' }).click();
    await page.locator(`[data-cafe="${code}"]`).getByText('Annulé').waitFor();
  });
});

describe('a draft', () => {
  it('is there for its organisers, who open it', async () => {
    const { id } = cafe(9);
    await world.seats.changeCafe(id, { state: 'draft' });
    const page = await openCafe(id);
    await page.getByText('Le Café est un brouillon.').waitFor();
    await button(page, 'Ouvrir le Café').click();
    await page.getByText('Le Café prend des inscriptions.').waitFor();
    expect(await known(id)).toMatchObject({ state: 'open' });
  });
});

describe('whoever does not organise it', () => {
  it('is told so, as is who asks for a Café that is not there', async () => {
    const page = await open(await newPerson(), `/organiser/cafes/${cafe(0).id}`);
    await page.getByText('Cette page est réservée aux organisateurs.').waitFor();
    const nowhere = await open(organiser, `/organiser/cafes/${organiser}`);
    await nowhere.getByText('Ce Café n’existe pas, ou n’est pas de vos événements.').waitFor();
  });
});
