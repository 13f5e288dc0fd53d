import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, BrowserContextOptions, Page, WebSocketRoute } from 'playwright-core';
import { waitFor } from '../support/index.ts';
import { openOutboxBatches } from '../support/outbox.ts';
import { startWorld, violationsOf, type World } from './world.ts';

interface Row {
  code: string;
  id: string;
  title: string;
  /** The start in the time zone of the event, as it is typed into the form. */
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
  await world.people.roles.grant(organiser, { role: 'organiser', eventId: world.stack.eventId });
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
const take = (attendeeId: string, cafeId: string) => world.seats.claims.claim({ cafeId, attendeeId, guest: false });
const statusOf = async (attendeeId: string, cafeId: string) =>
  (await world.seats.reads.registrationsOf(attendeeId)).find((registration) => registration.cafeId === cafeId)?.status;

const placeOf = async (attendeeId: string, cafeId: string) => {
  const found = (await world.seats.reads.registrationsOf(attendeeId)).find((each) => each.cafeId === cafeId);
  return [found?.status, found?.waitlistPosition];
};

/** Waits until a pending change is applied. It applies due changes itself, because no worker runs here. */
const waitUntilApplied = (fact: () => Promise<boolean>, what: string) =>
  waitFor(
    async () => {
      await world.seats.pending.applyDue();
      return fact();
    },
    { what },
  );

/** The counts of a Café in the database. */
async function countsOf(cafeId: string): Promise<{ taken: number; capacity: number }> {
  const [counts] = await world.seats.counts.countsOf([cafeId]);
  return counts ?? { taken: 0, capacity: 0 };
}

/** The state of a Café in the database. */
async function cafeRow(cafeId: string) {
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

/** Opens a page in another time zone than that of the event, so that the times of the event differ from those of the browser. */
async function open(attendeeId: string, path: string, options?: BrowserContextOptions): Promise<Page> {
  const context = await world.context(attendeeId, {
    viewport: { width: 390, height: 844 },
    timezoneId: 'America/Martinique',
    ...options,
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
/** Collects the calls with which the page asks the API for changes. */
function collectChanges(page: Page): string[] {
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' && !request.url().endsWith('/move-preview')) requests.push(request.url());
  });
  return requests;
}

const DESK = { viewport: { width: 1280, height: 900 } };
const row = (page: Page, code: string) => page.locator(`[data-cafe="${code}"]`);

/** Opens the board, and waits until its last row is drawn. */
async function openBoard(options?: BrowserContextOptions): Promise<Page> {
  const page = await open(organiser, '/organiser', options);
  await page.locator('[data-cafe]').last().waitFor();
  return page;
}

/** Waits for the sentence about a wrong value, at its field and in the summary above the fields. */
async function faultAt(page: Page, said: string): Promise<void> {
  await page.locator('.error', { hasText: said }).waitFor();
  await page.locator('.summary-of-faults a', { hasText: said }).waitFor();
}

describe('the board', () => {
  it('uses the singular for one', async () => {
    await take(await newPerson(), cafe(1).id);
    const page = await openBoard();
    for (const [figure, text] of [
      ['total-taken', '1place prise ou gardée'],
      ['total-present', '0présent'],
      ['total-people', '1personne, attente comprise'],
    ]) {
      await page.locator(`[data-figure="${figure}"]`, { hasText: new RegExp(`^${text}$`) }).waitFor();
    }
    await page.goto(`${world.stack.apiUrl}/organiser/cafes/${cafe(1).id}`);
    await page.getByText(/^1prise sur \d+$/).waitFor();
    await button(page, 'Annuler le Café').click();
    await page.getByText('Cette personne reçoit un message et son inscription prend fin').waitFor();
  });

  it('labels a Café as every other page does', async () => {
    const page = await openBoard();
    const labels = await page.locator('[data-cafe] th small:first-child').allTextContents();
    expect(labels.filter((label) => !/^(Café|Stand|Espace) \w+ · /.test(label))).toEqual([]);
    await page.getByRole('link', { name: cafe(1).title }).click();
    await page.getByText(new RegExp(`^Café ${cafe(1).code} · `)).waitFor();
  });

  it('is an overview on a phone: figures and a link to each Café, no forms, and the navigation in one line', async () => {
    const page = await openBoard();
    expect(await button(page, 'Enregistrer').count()).toBe(0);
    expect(await button(page, 'Clore les inscriptions').count()).toBe(0);
    const tops = await page.evaluate<number[]>(
      `[...document.querySelectorAll('.head nav a')].map((way) => way.offsetTop)`,
    );
    expect(tops).toHaveLength(4);
    expect(new Set(tops).size).toBe(1);
    await page.getByRole('contentinfo').getByRole('link', { name: 'Réglages' }).click();
    await page.getByRole('heading', { name: 'Réglages' }).waitFor();
  });

  it('moves no other row when a capacity is too small, and shows the target that the organiser then chooses', async () => {
    const { id, code } = cafe(10);
    for (let seat = 0; seat < 4; seat++) await take(await newPerson(), id);
    const page = await openBoard(DESK);
    await row(page, code)
      .getByText(/^4 \/ \d+$/)
      .waitFor();
    // The height of each row, and the positions of its columns.
    const sizes = () =>
      page.evaluate<number[][]>(
        `[...document.querySelectorAll('.cafes tr')].map((row) =>
           [row.offsetHeight, ...[...row.children].map((cell) => cell.offsetLeft)])`,
      );
    const oldSizes = await sizes();
    await row(page, code).getByLabel('Capacité').fill('2');
    await row(page, code).getByRole('button', { name: 'Enregistrer' }).click();
    await row(page, code).getByRole('alert').waitFor();
    const changed = (await sizes()).filter((row, place) => String(row) !== String(oldSizes[place]));
    expect(changed).toHaveLength(1);
    expect(changed[0]?.slice(1)).toEqual(oldSizes[0]?.slice(1));
    expect(await violationsOf(page)).toEqual([]);
    await row(page, code)
      .getByRole('button', { name: /^Descendre à 2/ })
      .click();
    await row(page, code)
      .getByText(/^Capacité visée.: 2$/)
      .waitFor();
  });

  it('never shows the same time twice below its chart', async () => {
    const context = await world.context(organiser, DESK);
    contexts.push(context);
    // The texts on the chart now. Each drawing begins with an empty chart.
    await context.addInitScript(`
      globalThis.drawn = [];
      const { clearRect, fillText } = CanvasRenderingContext2D.prototype;
      Object.assign(CanvasRenderingContext2D.prototype, {
        clearRect(...given) { drawn = []; return clearRect.apply(this, given); },
        fillText(...given) { drawn.push(given[0]); return fillText.apply(this, given); },
      });`);
    const page = await context.newPage();
    await page.goto(`${world.stack.apiUrl}/organiser`);
    const times = await waitFor(
      async () => {
        const written = (await page.evaluate<string[]>('drawn')).filter((text) => /^\d+\sh\s\d+$/.test(text));
        return written.length > 0 && written;
      },
      { what: 'the chart' },
    );
    expect(times).toEqual([...new Set(times)]);
  });

  it('polls its numbers while nothing is pushed, and shows their age', async () => {
    const context = await world.context(organiser, { ...DESK, serviceWorkers: 'block' });
    contexts.push(context);
    // The first connection works. When the client reconnects, it reaches no gateway.
    const sockets: WebSocketRoute[] = [];
    await context.routeWebSocket(/socket\.io/, (socket) => {
      if (sockets.push(socket) === 1) socket.connectToServer();
    });
    await context.route(/socket\.io/, (route) => route.abort());
    const page = await context.newPage();
    await page.goto(`${world.stack.apiUrl}/organiser`);
    await page.locator('[data-cafe]').last().waitFor();
    expect(await page.getByText(/^Nombres relevés/).count()).toBe(0);
    await sockets[0]?.close();
    await page.getByText('les nombres sont relus toutes les quelques secondes').waitFor();
    await page.getByText(/^Nombres relevés il y a [1-9] secondes?\.$/).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await takeAndExpect(page);
  });

  it('reads from the API, as the page of each Café does, when the gateway was never available', async () => {
    const context = await world.context(organiser, { ...DESK, serviceWorkers: 'block' });
    contexts.push(context);
    await context.routeWebSocket(/socket\.io/, () => {});
    await context.route(/socket\.io/, (route) => route.abort());
    const page = await context.newPage();
    await page.goto(`${world.stack.apiUrl}/organiser`);
    await page.locator('[data-cafe]').last().waitFor();
    await takeAndExpect(page);
    await page.goto(`${world.stack.apiUrl}/organiser/cafes/${cafe(1).id}`);
    await button(page, 'Voir ce qui changerait').waitFor();
    const { taken } = await countsOf(cafe(1).id);
    await take(await newPerson(), cafe(1).id);
    await page.locator('[data-figure="taken"]', { hasText: new RegExp(`^${taken + 1}`) }).waitFor();
  });

  /** Another person takes a seat. Waits until the page shows it. */
  async function takeAndExpect(page: Page): Promise<void> {
    const { taken, capacity } = await countsOf(cafe(1).id);
    await take(await newPerson(), cafe(1).id);
    const shown = row(page, cafe(1).code).locator('[data-figure="taken"]');
    await waitFor(async () => (await shown.textContent()) === `${taken + 1} / ${capacity}`, { what: 'the seat' });
  }

  it('of the queues opens at its address for an owner of the installation, also with an active service worker', async () => {
    const page = await openBoard(DESK);
    await page.evaluate('navigator.serviceWorker.ready');
    await page.reload();
    expect(await page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true);
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    await world.people.roles.grantOwner(organiser);
    await page.goto(`${world.stack.apiUrl}/board/`);
    await page
      .getByRole('link', { name: /scheduled/ })
      .first()
      .waitFor();
    await page.goto(`${world.stack.apiUrl}/board/queue/scheduled`);
    await page
      .getByRole('link', { name: /scheduled/ })
      .first()
      .waitFor();
    expect(errors).toEqual([]);
    await world.people.roles.revokeOwner(organiser);
  });
});

describe('a message that was refused', () => {
  /** Gives up the confirmation of an attendee: the mail server refused it. */
  async function giveUpConfirmation(attendeeId: string, cafeId: string): Promise<void> {
    const claimed = await take(attendeeId, cafeId);
    if (claimed.outcome !== 'created') throw new Error(claimed.outcome);
    const { pool } = world.database;
    await openOutboxBatches(pool);
    await pool.query(
      `with done as (update outbox set done_at = now() where registration_id = $1 returning id)
       insert into email_delivery (outbox_id, message_id, attendee_id, event_id, status, attempts, last_fault)
       select id, id || '@localhost', $2, $3, 'bounced', 3, '550 no such mailbox' from done`,
      [claimed.registration.id, attendeeId, claimed.registration.eventId],
    );
  }

  it('is shown to organisers, and after a resend the page says so', async () => {
    const [ada, grace] = [await newPerson(), await newPerson()];
    await giveUpConfirmation(ada, cafe(4).id);
    await giveUpConfirmation(grace, cafe(4).id);
    const page = await openBoard(DESK);
    await page.getByText('2 messages n’ont pas été remis').click();
    expect(await violationsOf(page)).toEqual([]);
    const resend = button(page, 'Renvoyer');
    for (const left of [1, 0]) {
      const name = await page.locator('.undelivered bdi').first().textContent();
      await resend.first().click();
      await page.locator(':focus', { hasText: `C’est remis à l’envoi pour ${name}.` }).waitFor();
      await waitFor(async () => (await resend.count()) === left, { what: `a list of ${left}, still open` });
    }
  });
});

describe('a Café that is moved', () => {
  it('is moved to the time typed in the event’s time zone, and people with a seat in both Cafés get an offer to swap', async () => {
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
    await start.fill(other.begins.replace(/^\d{4}/, '2099'));
    await button(page, 'Voir ce qui changerait').click();
    await page.getByText('Cette heure est hors de l’événement').waitFor();
    await start.fill(other.begins);
    await button(page, 'Voir ce qui changerait').click();
    await page.getByText('1 personne aurait deux places à la fois.').waitFor();
    expect(await page.locator('.change-of').textContent()).toMatch(/^Avant.*Après/);
    expect(await page.getByText('hors de l’événement').count()).toBe(0);
    const clash = page.locator('.people li');
    expect(await clash.count()).toBe(1);
    expect(await clash.textContent()).toContain(`Personne ${people - 1}`);
    expect(await clash.textContent()).toContain(other.title);
    // After a change of a field, the old preview is not shown any more.
    await page.getByLabel('Capacité là-bas').fill('19');
    expect(await button(page, 'Déplacer le Café').count()).toBe(0);
    await page.getByLabel('Capacité là-bas').fill('');
    await button(page, 'Voir ce qui changerait').click();
    await page.getByLabel('Proposer un échange').check();
    expect(await violationsOf(page)).toEqual([]);
    const requests = collectChanges(page);
    await button(page, 'Déplacer le Café').dblclick();
    await page.getByText('C’est fait').waitFor();
    expect(requests).toHaveLength(1);
    expect(await cafeRow(moved.id)).toMatchObject({ begins: other.begins });
    expect(await statusOf(free, moved.id)).toBe('confirmed');
    expect(await statusOf(both, other.id)).toBe('confirmed');
    const plan = await open(both, '/me');
    await plan.getByText('En acceptant, vous rendez l’autre place').waitFor();
    await button(plan, 'Accepter la place').click();
    await waitFor(async () => (await statusOf(both, moved.id)) === 'confirmed', { what: 'the swap' });
    expect(await statusOf(both, other.id)).toBe('cancelled');
  });

  it('is not moved when a clash arose after the preview: the page shows the clash and keeps the typed values', async () => {
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
    expect(await cafeRow(moved.id)).toMatchObject({ begins: moved.begins });
  });

  it('loses its excess seats only when the organiser chooses that', async () => {
    const moved = cafe(2);
    const [first, last] = [await newPerson(), await newPerson()];
    await take(first, moved.id);
    await take(last, moved.id);
    const page = await openCafe(moved.id);
    await page.getByLabel('Capacité là-bas').fill('1');
    await button(page, 'Voir ce qui changerait').click();
    await page.getByText('1 place de trop').waitFor();
    const requests = collectChanges(page);
    await button(page, 'Déplacer le Café').click();
    await faultAt(page, 'Cochez la case, ou choisissez une autre salle');
    expect(requests).toEqual([]);
    await page.getByLabel('Annuler la dernière place donnée').check();
    await button(page, 'Déplacer le Café').click();
    await page.getByText('C’est fait').waitFor();
    expect([await statusOf(first, moved.id), await statusOf(last, moved.id)]).toEqual(['confirmed', 'cancelled']);
  });
});

describe('a form of an organiser', () => {
  it('is checked by the page alone: a sentence at the field and above, and the focus on the first', async () => {
    const page = await openCafe(cafe(5).id);
    const requests = collectChanges(page);
    await page.getByLabel('Capacité', { exact: true }).fill('12 ou 15');
    await button(page, 'Enregistrer').click();
    await faultAt(page, 'Écrivez un nombre entier');
    expect(await page.evaluate('document.activeElement.name')).toBe('capacity');
    await page.getByLabel('Début').fill('');
    await page.getByLabel('Capacité là-bas').fill('-3');
    await button(page, 'Voir ce qui changerait').click();
    await faultAt(page, 'Il manque le jour ou l’heure.');
    expect(await page.evaluate('document.activeElement.name')).toBe('startsAt');
    expect(await violationsOf(page)).toEqual([]);
    expect(await page.locator('form:not([novalidate])').count()).toBe(0);
    expect(requests).toEqual([]);
    const board = await openBoard(DESK);
    await row(board, cafe(5).code).getByLabel('Capacité').fill('');
    await row(board, cafe(5).code).getByRole('button', { name: 'Enregistrer' }).click();
    await faultAt(board, 'Il manque le nombre de places.');
    expect(await board.locator('form:not([novalidate])').count()).toBe(0);
    expect(await violationsOf(board)).toEqual([]);
  });
});

describe('the seats of a Café', () => {
  it('are lowered to a target as they become free; the page shows the target and can remove it', async () => {
    const { id } = cafe(5);
    const [leaving, ...staying] = [await newPerson(), await newPerson(), await newPerson(), await newPerson()];
    const left = await take(leaving, id);
    for (const attendeeId of staying) await take(attendeeId, id);
    const page = await openCafe(id);
    await page.getByLabel('Capacité', { exact: true }).fill('2');
    await button(page, 'Enregistrer').click();
    await page
      .getByRole('alert')
      .getByText(/^4 places sont déjà prises.: impossible de descendre à 2 d’un coup\.$/)
      .waitFor();
    expect(await page.getByLabel('Capacité', { exact: true }).inputValue()).toBe('2');
    expect(await cafeRow(id)).toMatchObject({ target: null });
    await button(page, /^Descendre à 2/).click();
    await page.getByText(/^Capacité visée.: 2\./).waitFor();
    expect(await cafeRow(id)).toMatchObject({ capacity: 4, target: 2 });
    if (left.outcome === 'created') await world.seats.registrations.cancel(left.registration.id, leaving);
    await page.getByText('prises sur 3').waitFor();
    await page.reload();
    await page.getByText(/^Capacité visée.: 2\./).waitFor();
    await button(page, 'Rester à 3').click();
    await page.getByText(/^Capacité visée.: 2\./).waitFor({ state: 'detached' });
    expect(await cafeRow(id)).toMatchObject({ capacity: 3, target: null });
  });

  it('are at most those of its room', async () => {
    const page = await openCafe(cafe(5).id);
    await page.getByLabel('Capacité', { exact: true }).fill('99999');
    await button(page, 'Enregistrer').click();
    await page.getByText(/^La salle n’a que \d+ places\.$/).waitFor();
  });

  it('are not overwritten when another organiser changed them meanwhile: the page shows both values, and saving again overwrites', async () => {
    const { id } = cafe(10);
    await world.seats.cafes.changeCafe(id, { capacity: 10 }, organiser);
    const page = await openCafe(id);
    const capacity = page.getByLabel('Capacité', { exact: true });
    await capacity.fill('12');
    await world.seats.cafes.changeCafe(id, { capacity: 15 }, organiser);
    await button(page, 'Enregistrer').click();
    await page.getByRole('alert').getByText('Quelqu’un a changé ce Café entre-temps').waitFor();
    await page
      .getByRole('alert')
      .getByText(/^Capacité.: 15$/)
      .waitFor();
    expect(await capacity.inputValue()).toBe('12');
    expect(await cafeRow(id)).toMatchObject({ capacity: 15 });
    expect(await violationsOf(page)).toEqual([]);
    // A press within 0.6 s of another one counts as part of a double tap, so the test presses until a press counts.
    const pressed = async () => {
      await button(page, 'Enregistrer')
        .click({ timeout: 500 })
        .catch(() => {});
      return (await cafeRow(id))?.capacity === 12;
    };
    await waitFor(pressed, { what: 'the capacity' });

    // A change of another value by another organiser does not conflict.
    await capacity.fill('13');
    await world.seats.cafes.changeCafe(id, { waitlistOpen: false }, organiser);
    await button(page, 'Enregistrer').click();
    await waitFor(async () => (await cafeRow(id))?.capacity === 13, { what: 'the capacity' });
    expect(await cafeRow(id)).toMatchObject({ waitlistOpen: false });
  });

  it('of absent people can be released to the waitlist after the Café has begun', async () => {
    const { id } = cafe(6);
    const [present, absent, waiting] = [await newPerson(), await newPerson(), await newPerson()];
    const page = await openCafe(id);
    await page.getByText('Quand le Café aura commencé').waitFor();
    await world.seats.cafes.changeCafe(id, { capacity: 2 });
    const taken = await take(present, id);
    await take(absent, id);
    await take(waiting, id);
    await world.database.pool.query(
      `update cafe set starts_at = date_trunc('minute', now()) - interval '11 minutes',
         ends_at = date_trunc('minute', now()) + interval '40 minutes' where id = $1`,
      [id],
    );
    if (taken.outcome !== 'created') throw new Error(taken.outcome);
    await world.seats.checkIns.checkIn({ registrationId: taken.registration.id, cafeId: id, by: organiser });
    await page.reload();
    await page.getByText('1 personne attend : choisissez au plus 1 place.').waitFor();
    await page.locator('.no-shows input[type=checkbox]').check();
    expect(await statusOf(absent, id)).toBe('confirmed');
    await button(page, 'Libérer 1 place').click();
    await waitUntilApplied(async () => (await statusOf(waiting, id)) === 'offered', 'the seat to go to the waitlist');
    expect([await statusOf(present, id), await statusOf(absent, id)]).toEqual(['confirmed', 'cancelled']);
  });
});

describe('the waitlist of a Café', () => {
  it('is closed after the page showed how many people lose their place, and has its old order after an undo', async () => {
    const { id } = cafe(7);
    const [seated, first, second] = [await newPerson(), await newPerson(), await newPerson()];
    await world.seats.cafes.changeCafe(id, { capacity: 1 });
    for (const person of [seated, first, second]) await take(person, id);
    const page = await openCafe(id);
    const requests = collectChanges(page);
    await button(page, 'Fermer la liste d’attente').click();
    await page.getByText('2 personnes en attente perdent leur place dans la file et reçoivent un message.').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await button(page, 'Oui, fermer').dblclick();
    await page.getByText('C’est fermé. Dans quelques secondes, 2 personnes en attente').waitFor();
    expect(await cafeRow(id)).toMatchObject({ waitlistOpen: false, state: 'open' });
    await page.locator('.undo:focus').waitFor();
    await button(page, 'Revenir en arrière').click();
    await page.getByText('Rien n’a changé, et aucun message n’est parti.').waitFor();
    await page.getByText('La liste d’attente est ouverte.').waitFor();
    expect(requests).toHaveLength(2);
    expect(await cafeRow(id)).toMatchObject({ waitlistOpen: true });
    expect(await placeOf(first, id)).toEqual(['waitlisted', 1]);
    expect(await placeOf(second, id)).toEqual(['waitlisted', 2]);
  });

  it('ends when its Café is closed, also from the board: after a warning, and ten seconds later', async () => {
    const { id, code } = cafe(11);
    const [seated, waiting] = [await newPerson(), await newPerson()];
    await world.seats.cafes.changeCafe(id, { capacity: 1 });
    await take(seated, id);
    await take(waiting, id);
    const page = await openBoard(DESK);
    await row(page, code).getByRole('button', { name: 'Clore les inscriptions' }).click();
    await row(page, code).getByText('1 personne en attente perd sa place dans la file').waitFor();
    expect(await cafeRow(id)).toMatchObject({ state: 'open' });
    await row(page, code).getByRole('button', { name: 'Oui, fermer' }).click();
    await row(page, code).getByText('C’est fermé. Dans quelques secondes, 1 personne en attente').waitFor();
    expect(await statusOf(waiting, id)).toBe('waitlisted');
    await waitUntilApplied(async () => (await statusOf(waiting, id)) === 'cancelled', 'the waitlist place to end');
    await row(page, code).getByText('C’est fait. Les messages partent.').waitFor();
    expect(await statusOf(seated, id)).toBe('confirmed');
  });
});

describe('a Café that will not take place', () => {
  it('is cancelled with a second tap, after the page showed how many people get a message', async () => {
    const { id, code } = cafe(8);
    const [seated, waiting] = [await newPerson(), await newPerson()];
    await world.seats.cafes.changeCafe(id, { capacity: 1 });
    await take(seated, id);
    await take(waiting, id);
    const page = await openCafe(id);
    await button(page, 'Annuler le Café').click();
    await page.getByText('1 personne a une place. 1 personne attend.').waitFor();
    await page.getByText('Chacune reçoit un message et son inscription prend fin. Vous avez dix secondes').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await button(page, 'Ne rien changer').click();
    await page.locator(':focus', { hasText: 'Annuler le Café' }).waitFor();
    await page.keyboard.press('Enter');
    expect(await cafeRow(id)).toMatchObject({ state: 'open' });
    const requests = collectChanges(page);
    await button(page, 'Oui, annuler ce Café').dblclick();
    await page.getByText('Ce Café n’aura pas lieu.').waitFor();
    expect(requests).toHaveLength(1);
    expect(await cafeRow(id)).toMatchObject({ state: 'cancelled' });
    await page.getByText('Dans quelques secondes, 2 personnes reçoivent un message').waitFor();
    expect([await statusOf(seated, id), await statusOf(waiting, id)]).toEqual(['confirmed', 'waitlisted']);
    await waitUntilApplied(async () => (await statusOf(waiting, id)) === 'cancelled', 'the registrations to end');
    expect(await statusOf(seated, id)).toBe('cancelled');
    await page.getByText('C’est fait. Les messages partent.').waitFor();
    expect(await button(page, 'Déplacer le Café').count()).toBe(0);
    await page.getByRole('main').getByRole('link', { name: 'Organisation' }).click();
    await page.locator(`[data-cafe="${code}"]`).getByText('Annulé').waitFor();
  });
});

describe('a draft', () => {
  it('is visible to its organisers, who can open it', async () => {
    const { id } = cafe(9);
    await world.seats.cafes.changeCafe(id, { state: 'draft' });
    const page = await openCafe(id);
    await page.getByText('Le Café est un brouillon.').waitFor();
    await button(page, 'Ouvrir le Café').click();
    await page.getByText('Le Café prend des inscriptions.').waitFor();
    expect(await cafeRow(id)).toMatchObject({ state: 'open' });
  });
});

describe('a person who does not organise the event', () => {
  it('gets a page that says so; an organiser who opens an unknown Café gets one too', async () => {
    const page = await open(await newPerson(), `/organiser/cafes/${cafe(0).id}`);
    await page.getByText('Cette page est réservée aux organisateurs.').waitFor();
    const unknown = await open(organiser, `/organiser/cafes/${organiser}`);
    await unknown.getByText('Ce Café n’existe pas, ou n’est pas de vos événements.').waitFor();
  });
});

describe('a role that is revoked', () => {
  it('ends on the open pages of an organiser within 5 s: they show a note and no figures any more', async () => {
    const role = { role: 'organiser', eventId: world.stack.eventId } as const;
    const one = await openCafe(cafe(0).id);
    const board = await (contexts.at(-1) as BrowserContext).newPage();
    await board.goto(`${world.stack.apiUrl}/organiser`);
    await board.locator('[data-figure="taken"]').first().waitFor();

    await world.people.roles.revoke(organiser, role);
    for (const page of [one, board]) await page.getByText('Ce rôle vous a été retiré').waitFor({ timeout: 5_000 });
    for (const page of [one, board]) expect(await page.locator('[data-figure]').count()).toBe(0);

    await world.people.roles.grant(organiser, role);
    await board.locator('[data-figure="taken"]').first().waitFor();
  });
});
