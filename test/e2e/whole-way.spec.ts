import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { type Database, openDatabase } from '#platform';
import { launchChromium } from '../support/browser.ts';
import { type Identity, openIdentity } from '../support/identity.ts';
import { type ReceivedMail, type Stack, startStack } from '../support/index.ts';
import { qrTextOf } from '../support/png.ts';

/** The longest time until another screen shows a change, without a reload, in milliseconds. */
const SEEN_WITHIN_MS = 1_000;

let stack: Stack;
let database: Database;
let people: Identity;
let browser: Browser;
const contexts: BrowserContext[] = [];
/** A Café of one seat, so that the second person waits. */
let cafeId: string;
let cafeCode: string;

beforeAll(async () => {
  stack = await startStack({ apps: ['api', 'gateway', 'worker'] });
  database = openDatabase({ url: stack.databaseUrl, connectionsMax: 4, applicationName: 'whole-way-spec' });
  people = openIdentity({ database, secret: stack.secret, publicUrl: stack.apiUrl });
  browser = await launchChromium();
  const first = await database.pool.query(
    `update cafe_seats set capacity = 1, version = version + 1
     where cafe_id = (select id from cafe order by starts_at, position limit 1) returning cafe_id`,
  );
  cafeId = first.rows[0].cafe_id;
  cafeCode = (await database.pool.query('select code from cafe where id = $1', [cafeId])).rows[0].code;
});

afterAll(async () => {
  for (const context of contexts) await context.close();
  await browser?.close();
  await database?.close();
  await stack?.stop();
});

async function open(path: string, { width = 390, height = 844 } = {}): Promise<Page> {
  const context = await browser.newContext({
    locale: 'fr-FR',
    viewport: { width, height },
    timezoneId: 'Europe/Paris',
  });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(`${stack.apiUrl}${path}`);
  return page;
}

/** The QR code of the ticket in a message. */
const ticketIn = ({ mail }: ReceivedMail) => mail.attachments.find(({ cid }) => cid === 'ticket@comptoir');

async function mailTo(address: string, subject: RegExp): Promise<ReceivedMail> {
  return stack.mailbox.waitForMail(({ to, mail }) => to.includes(address) && subject.test(mail.subject ?? ''));
}

function linkIn(received: ReceivedMail): string {
  const link = /https?:\/\/\S+\/sign-in\?\S+/.exec(received.mail.text ?? '')?.[0];
  if (!link) throw new Error('the mail has no link');
  return link;
}

/** Opens the page of an operator's sign-in link and presses its button. */
async function signedIn(email: string, next: string, size?: { width: number; height: number }): Promise<Page> {
  const link = new URL(await people.signInMails.createOperatorLink(email, { ttlHours: 1, next }));
  const page = await open(`${link.pathname}${link.search}`, size);
  await page.getByRole('button', { name: 'Confirmer' }).click();
  await page.waitForURL(`**${next}`);
  return page;
}

describe('a seat in a RAICT Café', () => {
  it('is taken on one phone, seen on another, confirmed by mail, given to the next person, and checked in at the door', async () => {
    const lea = await open(`/cafes/${cafeId}`);
    const onlooker = await open('/');
    const card = onlooker.locator(`[data-cafe="${cafeCode}"]`);
    await card.getByText('1 place', { exact: false }).first().waitFor();

    // Two taps: open the short form and send it.
    await lea.getByRole('button', { name: 'Prendre une place' }).click();
    await lea.getByLabel('Nom').fill('Léa Martin');
    await lea.getByLabel('E-mail').fill('lea@example.org');
    await lea.getByRole('button', { name: 'Prendre une place' }).click();
    await lea.getByText('gardée', { exact: false }).first().waitFor();

    // The other screen shows it without a reload.
    await card.getByText('Complet', { exact: false }).first().waitFor({ timeout: SEEN_WITHIN_MS });

    // The mail proves the address: its link needs one click.
    const link = linkIn(await mailTo('lea@example.org', /./));
    await lea.goto(link);
    await lea.getByRole('button', { name: 'Confirmer' }).click();
    const confirmed = await mailTo('lea@example.org', /confirmée/i);
    await lea.goto(`${stack.apiUrl}/me`);
    await lea.getByText('Confirmée', { exact: false }).first().waitFor();

    // The confirmation contains the ticket and the calendar entry.
    const qr = ticketIn(confirmed);
    const leasTicket = qrTextOf(qr?.content as Buffer) as string;
    expect(leasTicket.length).toBeGreaterThan(20);
    const entry = confirmed.mail.attachments.find(({ contentType }) => contentType === 'text/calendar');
    const calendar = new ICAL.Component(ICAL.parse(String(entry?.content)));
    expect(calendar.getAllSubcomponents('vevent')).toHaveLength(1);

    // Another person waits, and moves up when Léa gives her seat back.
    const samir = await open(`/cafes/${cafeId}`);
    await samir.getByRole('button', { name: 'Rejoindre la liste d’attente' }).click();
    await samir.getByLabel('Nom').fill('Samir Benali');
    await samir.getByLabel('E-mail').fill('samir@example.org');
    await samir.getByRole('button', { name: 'Rejoindre la liste d’attente' }).click();
    await samir.getByText('1', { exact: false }).first().waitFor();
    await samir.goto(linkIn(await mailTo('samir@example.org', /./)));
    await samir.getByRole('button', { name: 'Confirmer' }).click();
    await samir.waitForURL((url) => !url.pathname.startsWith('/sign-in'));

    await lea.getByRole('button', { name: 'Annuler ma place' }).first().click();
    await lea.getByRole('button', { name: 'Annuler ma place' }).last().click();
    const movedUp = await mailTo('samir@example.org', /place/i);
    const ticketMail = await stack.mailbox.waitForMail(
      (received) => received.to.includes('samir@example.org') && ticketIn(received) !== undefined,
    );
    expect(movedUp).toBeDefined();
    const image = ticketIn(ticketMail);
    const ticket = qrTextOf(image?.content as Buffer) as string;

    // The door and the organiser.
    const event = await database.pool.query('select id as event_id from event limit 1');
    const eventId: string = event.rows[0].event_id;
    const room = await database.pool.query('select room_id from cafe where id = $1', [cafeId]);
    const hostLink = await people.signInMails.createOperatorLink('hote@example.org', { ttlHours: 1 });
    expect(hostLink).toContain('/sign-in');
    const host = await people.attendees.findByEmail('hote@example.org');
    await people.roles.grant(host?.attendeeId as string, { role: 'host', eventId, roomId: room.rows[0].room_id });
    await people.signInMails.createOperatorLink('organisatrice@example.org', { ttlHours: 1 });
    const organiser = await people.attendees.findByEmail('organisatrice@example.org');
    await people.roles.grant(organiser?.attendeeId as string, { role: 'organiser', eventId });

    const dashboard = await signedIn('organisatrice@example.org', '/organiser', { width: 1280, height: 800 });
    const present = dashboard.locator(`[data-cafe="${cafeCode}"] [data-figure="present"]`);
    await present.getByText('0', { exact: false }).waitFor();

    // The Café takes place today, because a ticket that is scanned on another day is not recorded.
    await database.pool.query(
      `update cafe set starts_at = date_trunc('minute', now()), ends_at = date_trunc('minute', now()) + interval '2 hours'
       where id = $1`,
      [cafeId],
    );
    const door = await signedIn('hote@example.org', `/host/cafes/${cafeId}`);
    await door.getByText('Samir Benali').first().waitFor();
    // A scanned ticket and a typed one are read in the same way.
    await door.getByLabel('Billet').fill(ticket);
    await door.getByLabel('Billet').press('Enter');
    await door.getByText('Bienvenue', { exact: false }).first().waitFor();
    await present.getByText('1', { exact: false }).waitFor({ timeout: SEEN_WITHIN_MS });

    // A person who gave the seat back cannot enter with the old ticket. The page reads a ticket reader that types also while it shows the
    // welcome.
    await door.keyboard.type(leasTicket);
    await door.keyboard.press('Enter');
    await door.getByText('Pas de place confirmée', { exact: false }).first().waitFor();
  });
});
