import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { clientAt } from '../support/client.ts';
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
const newEmail = () => `guest-${++people}@example.org`;
const take = (attendeeId: string, code: string | undefined) =>
  world.seats.claims.claim({ cafeId: idOf(code), attendeeId, guest: false });

async function open(path: string, attendeeId?: string, options?: BrowserContextOptions): Promise<Page> {
  const context = await world.context(attendeeId, { viewport: { width: 390, height: 844 }, ...options });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(world.stack.apiUrl + path);
  await page.locator('main:not([data-rendered]) h1').first().waitFor();
  return page;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });

/** The status of the registration that an address has in a Café, in the database. */
async function statusOf(email: string, code: string | undefined): Promise<string | undefined> {
  const person = await world.people.attendees.findByEmail(email);
  const registrations = person ? await world.seats.reads.registrationsOf(person.attendeeId) : [];
  return registrations.find(({ cafeId }) => cafeId === idOf(code))?.status;
}

/** The valid challenges of an address, newest first. */
async function challengesOf(email: string): Promise<string[]> {
  const { rows } = await world.database.pool.query<{ id: string }>(
    'select id from sign_in_challenge where email = $1 and used_at is null and not reusable order by id desc',
    [email],
  );
  return rows.map(({ id }) => id);
}

/**
 * The challenge of the newest mail to an address: an existing one, or the one that the worker would make for the mail of the address's
 * claim.
 */
async function challengeOf(email: string): Promise<string> {
  const [existing] = await challengesOf(email);
  if (existing) return existing;
  const { attendeeId = '' } = (await world.people.attendees.findByEmail(email)) ?? {};
  const registrationId = (await world.seats.reads.registrationsOf(attendeeId))[0]?.id;
  return world.people.signInMails.challengeForMail({ attendeeId, registrationId });
}

async function codeOf(email: string): Promise<string> {
  return world.people.signInMails.codeOf(await challengeOf(email));
}

/** The registration that an address has in a Café. */
async function registrationOf(email: string, code: string | undefined) {
  const person = await world.people.attendees.findByEmail(email);
  const registrations = person ? await world.seats.reads.registrationsOf(person.attendeeId) : [];
  return registrations.find(({ cafeId }) => cafeId === idOf(code));
}

/** The challenge of the mail about a claim. The test makes it, because no worker runs here. */
async function challengeOfClaim(email: string, code: string | undefined): Promise<string> {
  const { id: registrationId = '', attendeeId = '' } = (await registrationOf(email, code)) ?? {};
  return world.people.signInMails.challengeForMail({ attendeeId, registrationId });
}

/** The code of the mail about a claim. */
const codeOfClaim = async (email: string, code: string | undefined) =>
  world.people.signInMails.codeOf(await challengeOfClaim(email, code));

async function claim(page: Page, email: string, name = 'Awa Diop'): Promise<void> {
  await button(page, 'Prendre une place').click();
  await page.getByLabel('Nom').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await button(page, 'Prendre une place').click();
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code du message').fill(code);
  await page.keyboard.press('Enter');
}

const focused = (page: Page, what: 'name' | 'textContent') =>
  page.evaluate<string>(`document.activeElement === document.body ? '' : document.activeElement.${what}`);
const focusIsOn = (page: Page, text: string) =>
  waitFor(async () => (await focused(page, 'textContent')).includes(text), { what: `the focus to be on “${text}”` });

describe('a seat that is held for a person without a session', () => {
  it('is shown on the programme and the plan of the browser that took it, until its code is typed', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[0])}`);
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await page.goto(world.stack.apiUrl);
    await page.locator(`[data-cafe="${codes[0]}"]`, { hasText: 'Votre place, à confirmer' }).waitFor();
    await page.locator(`[data-cafe="${codes[1]}"]`, { hasText: 'Même heure que' }).waitFor();
    await page.getByRole('link', { name: 'Mon plan' }).click();
    await page.getByText('Vos demandes sur cet appareil').waitFor();
    await page
      .locator('.guest-seats', { hasText: email })
      .getByText(/^Gardée jusqu’à /)
      .waitFor();
    expect(await page.getByLabel('E-mail').inputValue()).toBe(email);
    expect(await violationsOf(page)).toEqual([]);
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

  it('is deleted from the device when any person signs out there', async () => {
    const page = await open(`/cafes/${idOf(codes[0])}`);
    await claim(page, newEmail());
    await page.getByText('Une place vous est gardée').waitFor();
    const other = newEmail();
    await world.person(other, 'Quelqu’un d’autre');
    await page.getByRole('link', { name: 'Connexion' }).click();
    await page.getByLabel('E-mail').fill(other);
    await page.getByLabel('E-mail').press('Enter');
    await page.getByLabel('Code du message').waitFor();
    await typeCode(page, await codeOf(other));
    await button(page, /^Me déconnecter/).click();
    await page.getByRole('link', { name: 'Mon plan' }).click();
    await page.getByLabel('E-mail').waitFor();
    expect(await page.locator('.guest-seats').count()).toBe(0);
  });

  it('says when too many codes were tried, and is confirmed by the link in this browser', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[0])}`);
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    const right = await codeOf(email);
    const wrong = right === '000000' ? '111111' : '000000';
    const locked = page.getByText('Trop de codes essayés');
    for (let tries = 1; tries <= 11; tries++) {
      const answered = page.waitForResponse('**/sign-in/verify');
      await typeCode(page, tries > 10 ? right : wrong);
      await answered;
      await page.getByRole('alert').waitFor();
      await button(page, 'Confirmer').waitFor();
      expect(await locked.count()).toBe(tries > 10 ? 1 : 0);
    }
    await page.getByText(/Réessayez dans\s\d+\sminutes/).waitFor();
    await button(page, 'Renvoyer le lien').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    const link = world.people.signInMails.linkOf(await challengeOf(email), '/me');
    await page.goto(link);
    await button(page, 'Confirmer').click();
    await page.waitForURL((url) => url.pathname === '/me');
    expect(await statusOf(email, codes[0])).toBe('confirmed');
  });

  it('says that a mail was sent already, and when the next one can be sent', async () => {
    const email = newEmail();
    const page = await open('/sign-in');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('E-mail').press('Enter');
    await page.getByText(`Si l’adresse ${email} est la bonne, un message y part.`).waitFor();
    await button(page, 'Renvoyer un code').click();
    await page.getByText(`Un message part à ${email}`).waitFor();
    await button(page, 'Renvoyer un code').click();
    await page.getByText(/Un message est déjà parti à .*un autre pourra partir dans \d+\u00a0secondes?/).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    await typeCode(page, await codeOf(email));
    await page.waitForURL((url) => url.pathname === '/me');
  });

  it('asks another browser that opens the link for the code; a browser that presses every button is not signed in', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[0])}`);
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    const challengeId = await challengeOf(email);
    const link = new URL(world.people.signInMails.linkOf(challengeId, '/me'));
    const path = link.pathname + link.search;
    const filter = await open(path);
    await filter.getByText('Confirmez avec le code du message').waitFor();
    for (const each of await filter.locator('main').getByRole('button').all()) await each.click();
    expect((await filter.context().cookies()).map(({ name }) => name)).not.toContain('comptoir_session');
    expect(await statusOf(email, codes[0])).toBe('held');
    const phone = await open(path);
    await phone.getByText(email).waitFor();
    expect(await phone.locator('main strong').textContent()).toBeTruthy();
    expect(await violationsOf(phone)).toEqual([]);
    // The code of the link's mail. The filter also pressed the button that asks for another mail.
    await typeCode(phone, await world.people.signInMails.codeOf(challengeId));
    await phone.waitForURL((url) => url.pathname === '/me');
    expect(await statusOf(email, codes[0])).toBe('confirmed');
  });

  it('can be claimed again with the right address, and the page says when the first seat is free again', async () => {
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

  it('needs at most two taps for the seat and one for the code', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[0])}`);
    await page.evaluate(`addEventListener('click', () => { window.taps = (window.taps ?? 0) + 1 }, true)`);
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    await page.getByLabel('Code du message').fill(await codeOf(email));
    await button(page, 'Confirmer').click();
    await page.getByText('Votre place est confirmée').waitFor();
    expect(await page.evaluate('window.taps')).toBe(3);
  });

  it('is confirmed together with the other seats of this browser by one code; a second seat at the same time is offered', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[0])}`);
    for (const code of [codes[0], codes[1]]) {
      await page.goto(`${world.stack.apiUrl}/cafes/${idOf(code)}`);
      await claim(page, email);
      await page.getByText('Une place vous est gardée').waitFor();
    }
    await typeCode(page, await codeOfClaim(email, codes[0]));
    await button(page, /^Me déconnecter/).waitFor();
    const both = [await statusOf(email, codes[0]), await statusOf(email, codes[1])];
    expect(both.toSorted()).toEqual(['confirmed', 'offered']);
    await page.goto(`${world.stack.apiUrl}/cafes/${idOf(both[0] === 'offered' ? codes[0] : codes[1])}`);
    await page.getByText('En acceptant, vous rendez l’autre place').waitFor();
    await button(page, 'Accepter la place').click();
    await page.getByText('Votre place est confirmée').waitFor();
    const after = [await statusOf(email, codes[0]), await statusOf(email, codes[1])];
    expect(after.toSorted()).toEqual(['cancelled', 'confirmed']);
  });
});

describe('the page that claimed', () => {
  /** Opens the link in the browser of a mail app, which has none of our cookies. Returns the code of the mail. */
  async function confirmInOtherBrowser(email: string, code: string | undefined): Promise<string> {
    const id = await challengeOfClaim(email, code);
    const token = new URL(world.people.signInMails.linkOf(id)).searchParams.get('token');
    const typed = await world.people.signInMails.codeOf(id);
    await clientAt(world.stack.apiUrl).call('POST /sign-in/verify', { body: { token: token ?? '', code: typed } });
    return typed;
  }

  it('shows that its seat was confirmed in another browser, and accepts the code to sign in there too', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[4])}`);
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    const code = await confirmInOtherBrowser(email, codes[4]);
    await page.getByText('Votre place est confirmée').waitFor();
    await page.getByText(`Le billet part à ${email}`).waitFor();
    expect(await button(page, 'Ce n’est pas la bonne adresse').count()).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
    await page.reload();
    await page.getByText('Votre place est confirmée').waitFor();
    await typeCode(page, code);
    await page.getByRole('link', { name: 'Voir mon billet' }).click();
    await page.getByRole('img', { name: 'Code QR de votre billet' }).waitFor();
  });

  it('shows the seat at once when the link is pressed in another window of the same browser', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[6])}`);
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    await page.evaluate(`new MutationObserver(() => {
      if (document.querySelector('main').innerText.includes('Prendre une place')) window.lost = true;
    }).observe(document.body, { subtree: true, childList: true })`);
    const other = await page.context().newPage();
    await other.goto(world.people.signInMails.linkOf(await challengeOfClaim(email, codes[6]), '/me'));
    await button(other, 'Confirmer').click();
    await other.waitForURL((url) => url.pathname === '/me');
    await page.getByText('Votre place est confirmée').waitFor();
    await button(page, /^Me déconnecter/).waitFor();
    expect(await page.evaluate('window.lost ?? false')).toBe(false);
  });

  it('claims with a session that began in another window, although it got no notice of it', async () => {
    const email = newEmail();
    const attendeeId = await world.person(email, 'Awa Diop');
    const page = await open(`/cafes/${idOf(codes[7])}`);
    await button(page, 'Prendre une place').click();
    await page.getByLabel('Nom').fill('Awa Diop');
    await page.getByLabel('E-mail').fill(email.toUpperCase());
    const { cookies } = await (await world.context(attendeeId)).storageState();
    await page.context().addCookies(cookies);
    await button(page, 'Prendre une place').click();
    await page.getByText('Votre place est confirmée').waitFor();
    expect(await page.evaluate(`localStorage.getItem('comptoir-guest-seats')`)).toBeNull();
  });

  it('accepts the code of the mail about its own Café, also when another Café was claimed after it', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[8])}`);
    for (const code of [codes[8], codes[11]]) {
      await page.goto(`${world.stack.apiUrl}/cafes/${idOf(code)}`);
      await claim(page, email);
      await page.getByText('Une place vous est gardée').waitFor();
      await challengeOfClaim(email, code);
    }
    await page.goto(`${world.stack.apiUrl}/cafes/${idOf(codes[8])}`);
    await typeCode(page, await codeOfClaim(email, codes[8]));
    await page.getByText('Votre place est confirmée').waitFor();
  });

  it('says that the seat is not held any more when its hold has expired, and claims another one', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[4])}`);
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    await world.database.pool.query(`update registration set expires_at = now() - interval '1 minute' where id = $1`, [
      (await registrationOf(email, codes[4]))?.id,
    ]);
    await world.seats.registrations.expireDue();
    await page.getByText('L’adresse n’a pas été confirmée à temps').waitFor();
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
  });

  it('shows until when the turn of a person with an unproved address ends, and the code gives the seat', async () => {
    const code = codes[10];
    const { rows } = await world.database.pool.query<{ share: number }>(
      'select ceil(capacity / 2.0)::integer as share from cafe_seats where cafe_id = $1',
      [idOf(code)],
    );
    for (let taken = 0; taken < (rows[0]?.share ?? 0); taken++) {
      const attendeeId = await world.people.attendees.upsertByEmail({ name: 'Invention', email: newEmail() });
      await world.seats.claims.claim({ cafeId: idOf(code), attendeeId, guest: true });
    }
    const email = newEmail();
    const page = await open(`/cafes/${idOf(code)}`);
    await claim(page, email);
    await page.getByText(/^Une place vous attend\u00a0: confirmez votre adresse avant \d+.h.\d+/).waitFor();
    expect(await page.getByText('La dernière place vient d’être prise').count()).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
    await typeCode(page, await codeOf(email));
    await page.getByText('Votre place est confirmée').waitFor();
  });
});

describe('a known person who claims while signed out', () => {
  it('sees the same as an unknown person, and can swap after typing the code', async () => {
    const email = newEmail();
    const attendeeId = await world.person(email, 'Paul Ndiaye');
    await take(attendeeId, codes[0]);
    const page = await open(`/cafes/${idOf(codes[1])}`);
    const answered = page.waitForResponse('**/registrations');
    await claim(page, email);
    await page.getByText('Une place vous est gardée').waitFor();
    await focusIsOn(page, 'Une place vous est gardée');
    expect(await (await answered).text()).not.toContain(attendeeId);
    await typeCode(page, await codeOfClaim(email, codes[1]));
    await page.getByText('En acceptant, vous rendez l’autre place').waitFor();
    await button(page, 'Accepter la place').press('Enter');
    await page.getByText('Votre place est confirmée').waitFor();
    expect([await statusOf(email, codes[0]), await statusOf(email, codes[1])]).toEqual(['cancelled', 'confirmed']);
  });
});

describe('a seat that a stranger claimed with the address of a person', () => {
  async function claimAsStranger(attendeeId: string, code: string | undefined): Promise<string> {
    const answer = await world.seats.claims.claim({ cafeId: idOf(code), attendeeId, guest: true });
    return 'registration' in answer ? answer.registration.id : '';
  }

  it('is confirmed with “yes” in their plan, and given back with “no”', async () => {
    const email = newEmail();
    const attendeeId = await world.person(email, 'Awa Diop');
    const [first, second] = [await claimAsStranger(attendeeId, codes[2]), await claimAsStranger(attendeeId, codes[5])];
    const page = await open('/me', attendeeId);
    await page.getByRole('heading', { name: 'Une place a été demandée avec votre adresse' }).waitFor();
    expect(await violationsOf(page)).toEqual([]);
    const row = (id: string) => page.locator(`[data-registration="${id}"]`);
    await row(first).getByRole('button', { name: 'Oui, je la prends' }).click();
    await row(first).getByText('Confirmée').waitFor();
    await focusIsOn(page, 'Confirmée');
    await row(second).getByRole('button', { name: 'Non, la rendre' }).click();
    await row(second).getByRole('button', { name: 'La rendre maintenant' }).click();
    await row(second).waitFor({ state: 'detached' });
    const { rows } = await world.database.pool.query('select id, status from registration where id = any ($1)', [
      [first, second],
    ]);
    expect(Object.fromEntries(rows.map(({ id, status }) => [id, status]))).toEqual({
      [first]: 'confirmed',
      [second]: 'cancelled',
    });
  });

  it('blocks no other seat, and the page of its Café asks the person', async () => {
    const email = newEmail();
    const attendeeId = await world.person(email, 'Awa Diop');
    await claimAsStranger(attendeeId, codes[0]);
    const page = await open(`/cafes/${idOf(codes[1])}`, attendeeId);
    await button(page, 'Prendre une place').click();
    await page.getByText('Votre place est confirmée').waitFor();
    // The seat that they chose is at the same time: “yes” offers the swap.
    await page.goto(`${world.stack.apiUrl}/cafes/${idOf(codes[0])}`);
    await page.getByText('Une place a été demandée avec votre adresse').waitFor();
    await button(page, 'Oui, je la prends').press('Enter');
    await page.getByText('En acceptant, vous rendez l’autre place').waitFor();
    await button(page, 'Accepter la place').click();
    await page.getByText('Votre place est confirmée').waitFor();
    expect([await statusOf(email, codes[0]), await statusOf(email, codes[1])]).toEqual(['confirmed', 'cancelled']);
  });
});

describe('the focus', () => {
  it('moves to the form that opens, back to its button, and to the answer; loading the page does not move it', async () => {
    const page = await open(`/cafes/${idOf(codes[3])}`);
    await button(page, 'Prendre une place').press('Enter');
    await waitFor(async () => (await focused(page, 'name')) === 'name', { what: 'the focus to be on the name' });
    await button(page, 'Fermer').press('Enter');
    await focusIsOn(page, 'Prendre une place');
    await claim(page, newEmail());
    await focusIsOn(page, 'Une place vous est gardée');
    await page.reload();
    await page.getByText('Une place vous est gardée').waitFor();
    // A push draws the page again.
    const oldCounts = await page.locator('.seats-line').textContent();
    await take(await world.person(newEmail(), 'Quelqu’un'), codes[3]);
    await waitFor(async () => (await page.locator('.seats-line').textContent()) !== oldCounts, {
      what: 'one seat fewer on the page',
    });
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
  });
});

describe('the link of a message', () => {
  const linkTo = async (email: string, code: string | undefined) => {
    const registration = await registrationOf(email, code);
    const link = new URL(
      world.people.signInMails.linkOf(await challengeOfClaim(email, code), `/registrations/${registration?.id}`),
    );
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
    await elsewhere.getByRole('heading', { name: 'Ce lien ne sert plus' }).waitFor();
    await elsewhere.getByRole('link', { name: 'Revenir au programme' }).waitFor();
    expect(await button(elsewhere, 'Confirmer').count()).toBe(0);
    await elsewhere.getByLabel('E-mail').fill(email);
    await button(elsewhere, 'Recevoir un code').click();
    await elsewhere.getByText(`Si l’adresse ${email} est la bonne`).waitFor();
    await typeCode(elsewhere, await codeOf(email));
    await elsewhere.getByRole('img', { name: 'Code QR de votre billet' }).waitFor();
  });

  it('confirms a seat with one button, and deletes the stored copy of this browser', async () => {
    const email = newEmail();
    const page = await open(`/cafes/${idOf(codes[4])}`);
    await claim(page, email.toUpperCase());
    await page.getByText('Une place vous est gardée').waitFor();
    await page.goto(world.stack.apiUrl + (await linkTo(email, codes[4])));
    await button(page, 'Confirmer').click();
    await page.getByRole('img', { name: 'Code QR de votre billet' }).waitFor();
    await waitFor(async () => (await page.evaluate(`localStorage.getItem('comptoir-guest-seats')`)) === '{}', {
      what: 'the stored seat to be deleted',
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

  it('removes the note that the service does not answer when it answers again', async () => {
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

describe('a person who signs in', () => {
  it('stays on our pages, with any `next` in the link', async () => {
    const email = newEmail();
    for (const next of ['/%09/evil.example', '//evil.example', '/%5Cevil.example', 'https://evil.example']) {
      const link = new URL(await world.people.signInMails.createOperatorLink(email, { ttlHours: 1 }));
      const page = await open(`${link.pathname}${link.search}&next=${next}`);
      await button(page, 'Confirmer').click();
      await page.waitForURL((url) => url.pathname !== '/sign-in');
      expect([next, page.url()]).toEqual([next, `${world.stack.apiUrl}/me`]);
    }
  });

  it('can end the sessions on all devices from the settings', async () => {
    const attendeeId = await world.person(newEmail(), 'Awa Diop');
    const [phone, laptop] = [await open('/me/settings', attendeeId), await open('/me/settings', attendeeId)];
    expect(await violationsOf(phone)).toEqual([]);
    await button(phone, 'Se déconnecter partout').click();
    await phone.waitForURL((url) => url.pathname === '/');
    await phone.getByText('Vous êtes déconnecté sur tous vos appareils.').waitFor();
    await laptop.reload();
    await laptop.getByText('Connectez-vous pour voir vos réglages.').waitFor();
    await laptop.getByText('Votre session a pris fin.').waitFor();
    expect(await violationsOf(laptop)).toEqual([]);
    await button(laptop, 'Fermer').click();
    await laptop.getByText('Votre session a pris fin.').waitFor({ state: 'detached' });
  });
});
