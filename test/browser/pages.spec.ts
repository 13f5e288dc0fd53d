import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
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
const newPerson = () => world.person(`page-${++people}@example.org`, `Personne ${people}`);
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name });
const registrationOf = async (attendeeId: string, code: string | undefined) =>
  (await world.seats.reads.registrationsOf(attendeeId)).find(({ cafeId }) => cafeId === idOf(code));

async function take(attendeeId: string, code: string | undefined): Promise<string> {
  const claimed = await world.seats.claims.claim({ cafeId: idOf(code), attendeeId, guest: false });
  return claimed.outcome === 'created' ? claimed.registration.id : '';
}

async function open(attendeeId: string | undefined, path: string, options?: BrowserContextOptions): Promise<Page> {
  const context = await world.context(attendeeId, {
    viewport: { width: 390, height: 844 },
    serviceWorkers: 'block',
    ...options,
  });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(world.stack.apiUrl + path);
  await page.locator('main:not([data-rendered]) h1').first().waitFor();
  return page;
}

/** The element with the focus, as its tag and its text. */
const focused = (page: Page) =>
  page.evaluate<string>(`document.activeElement.tagName + ' ' + document.activeElement.textContent.trim()`);
const focusIsOn = (page: Page, text: string) =>
  waitFor(async () => (await focused(page)) === text, { what: `the focus to be on “${text}”` });

/** The contrast of the text of an element with its own background, from the computed styles (WCAG 2.2). */
const CONTRAST = `((element) => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const luminance = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((each) => {
      const share = each / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const { color, backgroundColor } = getComputedStyle(element);
  const [dark, light] = [luminance(color), luminance(backgroundColor)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
})(document.querySelector('button.primary'))`;

describe('a page', () => {
  it('has its own title, and after a navigation the focus is on its heading', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[0]);
    const page = await open(attendeeId, '/', { viewport: { width: 1280, height: 900 } });
    const programme = `${await page.locator('h1').textContent()} · Comptoir`;
    expect(await page.title()).toBe(programme);
    // After a page load, the focus stays where the browser puts it.
    expect(await page.evaluate('document.activeElement === document.body')).toBe(true);
    await page.evaluate('scrollTo(0, 600)');
    const card = page.locator(`[data-cafe="${codes[3]}"] a`);
    const title = (await card.locator('strong').textContent()) ?? '';
    await card.focus();
    await page.keyboard.press('Enter');
    await focusIsOn(page, `H1 ${title}`);
    expect(await page.title()).toBe(`${title} · Comptoir`);
    expect(await page.evaluate('scrollY')).toBe(0);
    const nav = page.getByRole('navigation');
    for (const [link, heading] of [
      ['Mon plan', 'Mon plan'],
      ['Réglages', 'Réglages'],
    ] as const) {
      await nav.getByRole('link', { name: link }).click();
      await focusIsOn(page, `H1 ${heading}`);
      expect(await page.title()).toBe(`${heading} · Comptoir`);
    }
    await nav.getByRole('link', { name: 'Mon plan' }).click();
    await page.getByRole('link', { name: 'Voir mon billet' }).click();
    await focusIsOn(page, 'H1 Votre billet');
    await page.locator('header select').selectOption('en');
    await waitFor(async () => (await page.title()) === 'Your ticket · Comptoir', { what: 'the title in English' });
    await page.goBack();
    await focusIsOn(page, 'H1 My plan');
  });

  it('keeps its footer at the bottom of the window, and breaks no word with large text', async () => {
    const page = await open(undefined, '/sign-in', { viewport: { width: 1280, height: 1200 } });
    const foot = await page.locator('footer').boundingBox();
    expect((foot?.y ?? 0) + (foot?.height ?? 0)).toBe(1200);
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/', `/cafes/${idOf(codes[0])}`, '/sign-in']) {
      await page.goto(world.stack.apiUrl + path);
      await page.locator('main:not([data-rendered]) h1').waitFor();
      await page.evaluate('document.documentElement.style.fontSize = "200%"');
      await page.evaluate('document.fonts.ready.then(() => undefined)');
      expect(await page.evaluate(BROKEN_WORDS)).toEqual([]);
    }
  });

  it('shows in forced colours which button is chosen, and which chairs are taken', async () => {
    await world.fill(codes[0] ?? '', 2);
    const page = await open(undefined, '/?by=room', { forcedColors: 'active' });
    const backgrounds = await page.evaluate<string[]>(
      `['true', 'false'].map((pressed) => getComputedStyle(document.querySelector('[aria-pressed=' + pressed + ']')).backgroundColor)`,
    );
    expect(backgrounds[0]).not.toBe(backgrounds[1]);
    const fills = await page.evaluate<string[]>(
      `[...new Set([...document.querySelectorAll('[data-cafe="${codes[0]}"] .chair')].map((chair) => getComputedStyle(chair).fill))]`,
    );
    expect(fills).toHaveLength(2);
    await page.emulateMedia({ forcedColors: 'none', media: 'print' });
    expect(await page.locator('header.head').isVisible()).toBe(false);
    expect(await page.locator('[data-cafe]').first().isVisible()).toBe(true);
  });
});

/** The words that begin on one line and end on another without a hyphen. */
const BROKEN_WORDS = `(() => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const broken = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.checkVisibility()) continue;
    for (const { index, 0: word } of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].filter(({ width }) => width > 1).map(({ top }) => Math.round(top)));
      if (lines.size > 1) broken.push(word);
    }
  }
  return broken;
})()`;

describe('a button that waits for its answer', () => {
  it.each(['light', 'dark'] as const)('can be read under the pointer, in the %s theme', async (colorScheme) => {
    const attendeeId = await newPerson();
    const page = await open(attendeeId, `/cafes/${idOf(codes[1])}`, { colorScheme });
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
    await button(page, 'Un instant…').hover();
    expect(await page.evaluate<number>(CONTRAST)).toBeGreaterThanOrEqual(4.5);
    answer();
    await page.getByText('Votre place est confirmée').waitFor();
  });
});

describe('a Café that is cancelled', () => {
  it('is drawn without free seats, on every page that draws it', async () => {
    await world.seats.cafes.changeCafe(idOf(codes[6]), { state: 'cancelled' });
    const page = await open(undefined, `/cafes/${idOf(codes[6])}`);
    const free = await page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue('--verdigris')`);
    for (const [path, drawing] of [
      [`/cafes/${idOf(codes[6])}`, '.seat-panel'],
      ['/', `[data-cafe="${codes[6]}"]`],
    ]) {
      await page.goto(world.stack.apiUrl + path);
      const shown = page.locator(drawing ?? '');
      await shown.getByRole('img', { name: 'Annulé' }).waitFor();
      expect(await shown.locator('.bar, .table-free').count()).toBe(0);
      const seat = `document.querySelector('${drawing} :is(.chair, .arc)')`;
      const stroke = await page.evaluate<string>(`getComputedStyle(${seat}).stroke`);
      expect(stroke).not.toBe(hexToRgb(String(free)));
    }
  });
});

function hexToRgb(hex: string): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.trim().slice(at, at + 2), 16));
  return `rgb(${channels.join(', ')})`;
}

describe('a person who is checked in', () => {
  it('gets no button to give the seat back', async () => {
    const attendeeId = await newPerson();
    const id = await take(attendeeId, codes[2]);
    const page = await open(attendeeId, '/me');
    await button(page, 'Annuler ma place').waitFor();
    await world.database.pool.query('update registration set checked_in_at = now() where id = $1', [id]);
    await page.reload();
    await page.getByText('Votre arrivée est enregistrée').waitFor();
    expect(await button(page, 'Annuler ma place').count()).toBe(0);
    await page.goto(`${world.stack.apiUrl}/registrations/${id}`);
    await page.getByText('Votre arrivée est enregistrée').waitFor();
    expect(await button(page, 'Annuler ma place').count()).toBe(0);
    const guest = await open(undefined, `/registrations/${id}?key=${world.people.registrationLinks.key(id)}`);
    await guest.getByText('Votre arrivée est enregistrée').waitFor();
    expect(await button(guest, 'Annuler ma place').count()).toBe(0);
  });
});

describe('a seat that is given back', () => {
  it('is also given back when the page is hidden before the undo time is over, and is never shown again', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[3]);
    const page = await open(attendeeId, '/me');
    // The timers of the page do not run any more, as on a phone that froze the page.
    await button(page, 'Annuler ma place').waitFor();
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await button(page, 'Annuler ma place').click();
    await page.getByText('Place rendue').waitFor();
    expect((await registrationOf(attendeeId, codes[3]))?.status).toBe('confirmed');
    await page.evaluate(`
      Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    `);
    await waitFor(async () => (await registrationOf(attendeeId, codes[3]))?.status === 'cancelled', {
      what: 'the seat to be given back',
    });
  });
});

describe('an account that is erased', () => {
  it('ends with a note', async () => {
    const attendeeId = await newPerson();
    const email = (await world.people.attendees.findById(attendeeId))?.email ?? '';
    const page = await open(attendeeId, '/me/settings');
    await button(page, 'Effacer mon compte').click();
    await button(page, 'Tout effacer').click();
    await focusIsOn(page, 'INPUT ');
    await page.locator('.error', { hasText: 'Ce n’est pas l’adresse de votre compte.' }).waitFor();
    await page.getByLabel(`Pour confirmer, tapez ${email}`).fill(email.toUpperCase());
    await button(page, 'Tout effacer').click();
    await page.getByRole('status').getByText('Votre compte est effacé.').waitFor();
    expect(await world.people.attendees.findByEmail(email)).toBeUndefined();
  });
});

describe('a form', () => {
  it('shows the error of each field in the language of the page, and moves the focus to the first one', async () => {
    const page = await open(undefined, `/cafes/${idOf(codes[4])}`);
    await button(page, 'Prendre une place').click();
    await page.getByLabel('Nom').waitFor();
    await button(page, 'Prendre une place').click();
    await page.getByText('Il reste à corriger').waitFor();
    const fieldErrors = () => page.locator('.field .error').allTextContents();
    expect(await fieldErrors()).toEqual(['Il manque le nom.', 'Il manque l’adresse e-mail.']);
    expect(await page.locator('.error-summary a').allTextContents()).toEqual(await fieldErrors());
    expect(await page.evaluate('document.activeElement.name')).toBe('name');
    expect(await violationsOf(page)).toEqual([]);
    await page.locator('.error-summary a').nth(1).click();
    expect(await page.evaluate('document.activeElement.name')).toBe('email');
    await page.getByLabel('Nom').fill('Awa www.exemple.org');
    await page.getByLabel('E-mail').fill('awa@');
    await button(page, 'Prendre une place').click();
    await waitFor(async () => (await fieldErrors()).join().includes('nom@exemple.org'), {
      what: 'the address to be refused',
    });
    await page.getByLabel('E-mail').fill('awa@example.org');
    // An error that only the API finds is shown at its field.
    await button(page, 'Prendre une place').click();
    await waitFor(async () => (await fieldErrors()).join().startsWith('Ce nom ne peut pas être repris tel quel'), {
      what: 'the name to be refused',
    });
    expect(await page.getByText(/Invalid|must be|Demande invalide/).count()).toBe(0);
    expect(await page.evaluate('document.activeElement.name')).toBe('name');
    await page.locator('header select').selectOption('es');
    await page.locator('.field .error', { hasText: 'No podemos usar este nombre tal como está' }).waitFor();
  });

  it('is checked by the page and not by the browser, in every form of attendees', async () => {
    const attendeeId = await newPerson();
    const page = await open(attendeeId, '/me/settings');
    await page.getByLabel('Nom').fill('   ');
    await button(page, 'Enregistrer').click();
    await page.locator('.field .error', { hasText: 'Il manque le nom.' }).waitFor();
    expect(await page.locator('form:not([novalidate])').count()).toBe(0);
    await page.goto(`${world.stack.apiUrl}/cafes/${idOf(codes[4])}/group`);
    await button(page, 'Vérifier').click();
    await page.getByText('Il manque les personnes').waitFor();
    expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    expect(await page.locator('form:not([novalidate])').count()).toBe(0);
    await page.context().clearCookies();
    await page.goto(`${world.stack.apiUrl}/sign-in`);
    await button(page, 'Recevoir un code').click();
    await page.locator('.field .error', { hasText: 'Il manque l’adresse e-mail.' }).waitFor();
    await page.getByLabel('E-mail').fill('page@example.org');
    await button(page, 'Recevoir un code').click();
    await page.getByLabel('Code du message').fill('12 34');
    await button(page, 'Confirmer').click();
    await page.locator('.field .error', { hasText: 'six à huit chiffres' }).waitFor();
    expect(await page.locator('form:not([novalidate])').count()).toBe(0);
  });
});

describe('a person who signed in for the first time', () => {
  it('is asked for the name once, before the first seat', async () => {
    const email = `jdupont-${++people}@example.org`;
    await world.people.signInMails.createOperatorLink(email, { ttlHours: 1 });
    const attendeeId = (await world.people.attendees.findByEmail(email))?.attendeeId ?? '';
    const page = await open(attendeeId, `/cafes/${idOf(codes[4])}`);
    await button(page, 'Prendre une place').click();
    await page.getByLabel('Nom').waitFor();
    expect(await page.getByText(/jdupont \d/).count()).toBe(0);
    await button(page, 'Prendre une place').click();
    await page.locator('.field .error', { hasText: 'Il manque le nom.' }).waitFor();
    expect(await registrationOf(attendeeId, codes[4])).toBeUndefined();
    await page.getByLabel('Nom').fill('Jeanne Dupont');
    await button(page, 'Prendre une place').click();
    await page.getByText('Votre place est confirmée').waitFor();
    expect((await world.people.attendees.findById(attendeeId))?.name).toBe('Jeanne Dupont');
    await page.goto(`${world.stack.apiUrl}/cafes/${idOf(codes[10])}`);
    await page.getByText('En un geste, pour Jeanne Dupont.').waitFor();
    await button(page, 'Prendre une place').click();
    await page.getByText('Votre place est confirmée').waitFor();
  });
});

describe('without scripts', () => {
  it('the programme and its Cafés can be read, and every other page says that it needs JavaScript', async () => {
    const context = await world.context(undefined, { javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(world.stack.apiUrl);
    await page.locator(`[data-cafe="${codes[0]}"] a`).click();
    await page.waitForURL(/\/cafes\//);
    // Playwright does not find text within `noscript`.
    expect(await page.content()).toContain('Pour prendre une place, activez JavaScript');
    await page.getByRole('link', { name: 'Tout le programme' }).click();
    expect(await page.locator('[data-cafe]').count()).toBe(codes.length);
    await page.goto(`${world.stack.apiUrl}/me`);
    expect(await page.content()).toContain('Cette page a besoin de JavaScript');
  });
});

describe('the content that the server rendered', () => {
  it('is replaced by the same content, without a skeleton in between', async () => {
    const context = await world.context(undefined, { serviceWorkers: 'block' });
    contexts.push(context);
    const page = await context.newPage();
    await page.addInitScript(`
      window.skeletons = 0;
      new MutationObserver(() => {
        if (document.querySelector('main .skeleton')) window.skeletons++;
      }).observe(document, { childList: true, subtree: true });
    `);
    await page.goto(`${world.stack.apiUrl}/cafes/${idOf(codes[4])}`);
    const title = await page.locator('h1').textContent();
    await button(page, 'Prendre une place').waitFor();
    expect(await page.locator('h1').textContent()).toBe(title);
    expect(await page.evaluate('window.skeletons')).toBe(0);
  });
});

describe('an event that does not exist', () => {
  it('leads to a page with links to the existing events', async () => {
    const page = await open(undefined, '/events/nothing');
    expect(await page.title()).toBe('Cet événement n’existe pas, ou plus · Comptoir');
    expect(await violationsOf(page)).toEqual([]);
    await page.locator('.events').getByRole('link').first().click();
    await page.locator('[data-cafe]').first().waitFor();
  });
});

describe('the data of a programme', () => {
  it('is not read by pages that do not show it', async () => {
    const attendeeId = await newPerson();
    for (const [attendee, path] of [
      [undefined, '/me'],
      [undefined, '/sign-in'],
      [attendeeId, '/me/settings'],
      [attendeeId, `/cafes/${idOf(codes[4])}/group`],
    ] as const) {
      const context = await world.context(attendee, { serviceWorkers: 'block' });
      contexts.push(context);
      const page = await context.newPage();
      const read: string[] = [];
      page.on('request', (request) => read.push(new URL(request.url()).pathname));
      await page.goto(world.stack.apiUrl + path, { waitUntil: 'networkidle' });
      expect([path, read.filter((each) => /^\/api\/v1\/events\/./.test(each))]).toEqual([path, []]);
    }
  });
});

describe('the link of a mail', () => {
  it('opens a page that names the Café and the event before the button is pressed', async () => {
    const email = `link-${++people}@example.org`;
    const page = await open(undefined, `/cafes/${idOf(codes[5])}`);
    await button(page, 'Prendre une place').click();
    await page.getByLabel('Nom').fill('Awa Diop');
    await page.getByLabel('E-mail').fill(email);
    await button(page, 'Prendre une place').click();
    await page.getByText('Une place vous est gardée').waitFor();
    const title = (await page.locator('h1').textContent()) ?? '';
    const { attendeeId = '' } = (await world.people.attendees.findByEmail(email)) ?? {};
    const registrationId = (await registrationOf(attendeeId, codes[5]))?.id;
    const link = world.people.signInMails.linkOf(
      await world.people.signInMails.challengeForMail({ attendeeId, registrationId }),
    );
    await page.goto(link);
    await page.getByRole('heading', { name: 'Vous y êtes presque' }).waitFor();
    await page.getByRole('main').getByText(title).waitFor();
    const { rows } = await world.database.pool.query<{ title: string }>(
      `select title ->> 'fr' as title from event limit 1`,
    );
    await page
      .getByRole('main')
      .getByText(rows[0]?.title ?? '')
      .waitFor();
  });
});

describe('a Café without network', () => {
  it('is shown from the stored programme, although its page was never opened', async () => {
    const page = await open(undefined, '/', { serviceWorkers: 'allow' });
    const title = (await page.locator(`[data-cafe="${codes[7]}"] strong`).textContent()) ?? '';
    await waitFor(
      () =>
        page.evaluate<boolean>(
          `caches.open('comptoir-programme').then((cache) => cache.keys()).then((keys) => keys.some(({ url }) => /events\\/[^/]+$/.test(url)))`,
        ),
      { what: 'the programme to be stored' },
    );
    await page.context().setOffline(true);
    await page.goto(`${world.stack.apiUrl}/cafes/${idOf(codes[7])}`);
    await page.getByRole('heading', { name: title }).waitFor();
    await page.getByText('Pas de réseau').waitFor();
    expect(await page.locator('.skeleton').count()).toBe(0);
  });
});

describe('a reader in another time zone', () => {
  it('sees which time zone a time has, and the time by their own clock', async () => {
    const attendeeId = await newPerson();
    await take(attendeeId, codes[0]);
    const otherZone = { timezoneId: 'America/Martinique' };
    const page = await open(attendeeId, `/cafes/${idOf(codes[0])}`, otherZone);
    await page.locator('.own-time', { hasText: 'heure d’Europe centrale' }).waitFor();
    await page.locator('.own-time', { hasText: 'À l’heure de votre appareil' }).waitFor();
    await page.goto(`${world.stack.apiUrl}/me`);
    await page.locator('.seat .own-time').waitFor();
    await page.getByRole('link', { name: 'Voir mon billet' }).click();
    await page.locator('.ticket-text .own-time').waitFor();
    expect(await violationsOf(page)).toEqual([]);
    const sameZone = await open(attendeeId, `/cafes/${idOf(codes[0])}`);
    await sameZone.locator('.when').waitFor();
    expect(await sameZone.getByText(/heure d’Europe centrale|À l’heure de votre appareil/).count()).toBe(0);
  });
});
