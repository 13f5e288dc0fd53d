import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { locales } from '#contract';
import { startTestMailbox, type TestMailbox } from '../../../test/support/index.ts';
import { qrTextOf } from '../../../test/support/png.ts';
import { composeMail, createMailTransport, type MailMessage, openTickets, type SeatFacts } from './index.ts';

const registrationId = '01a20b7e-760d-7f6c-8c8c-1999dc5a0a1a';
const cafeId = '01a20b7e-760b-743e-bc7b-1c99d05743ad';
const tickets = openTickets('a secret of thirty-two characters');
const seat: SeatFacts = {
  registrationId,
  title: 'Logement social et coopération décentralisée',
  label: 'Café 3',
  room: 'Salle Étoile 3',
  event: 'RAICT 2024',
  startsAt: '2026-11-25T13:30:00.000Z',
  endsAt: '2026-11-25T14:30:00.000Z',
  timeZone: 'Europe/Paris',
  url: `https://comptoir.test/registrations/${registrationId}`,
};
const ticket = tickets.ticketFor({ registrationId, cafeId, endsAt: seat.endsAt });
const calendar = {
  organiser: { name: 'Comptoir', email: 'comptoir@comptoir.test' },
  attendee: { name: 'Léa', email: 'lea@example.org' },
};
const link = 'https://comptoir.test/sign-in?token=abc&next=%2Fme';
const messages: MailMessage[] = [
  { kind: 'sign-in-code', code: '482913', link },
  { kind: 'prove-address', name: 'Léa', code: '482913', link, seat, expiresAt: '2026-11-24T10:00:00.000Z' },
  { kind: 'prove-address', name: 'Léa', code: '482913', link, seat, waitlistPosition: 2 },
  { kind: 'confirmed', name: 'Léa', seat, ticket, calendar },
  { kind: 'moved-up', name: 'Léa', seat, ticket, calendar },
  { kind: 'waitlisted', name: 'Léa', seat, waitlistPosition: 3 },
  { kind: 'cancelled', name: 'Léa', seat, calendar, programmeUrl: 'https://comptoir.test/' },
];

describe('a message', () => {
  it.each(locales.flatMap((locale) => messages.map((message) => [locale, message.kind, message] as const)))(
    'in %s of the kind %s says in HTML and in text what its reader needs',
    async (locale, _kind, message) => {
      const { subject, html, text } = await composeMail(message, locale);
      expect(subject.length).toBeGreaterThan(10);
      expect(html).toContain(`lang="${locale}"`);
      for (const part of [html, text]) {
        if ('code' in message) expect(part).toContain('482 913');
        if ('link' in message) expect(part.replaceAll('&amp;', '&')).toContain(link);
        if ('seat' in message) {
          expect(part).toContain('Salle Étoile 3');
          expect(part).toContain(locale === 'fr' ? 'mercredi 25 novembre, 14\u202fh\u202f30' : 'Wednesday');
        }
      }
      // Nothing is fetched from anywhere when a mail is opened.
      expect(html).not.toMatch(/(?:src|background)="https?:|@import|url\(/);
    },
  );

  it('that confirms holds the ticket as a picture and the entry for the calendar', async () => {
    const { attachments, html } = await composeMail(messages[3] as MailMessage, 'fr');
    expect(html).toContain('src="cid:ticket@comptoir"');
    expect(qrTextOf(attachments[0]?.content as Buffer)).toBe(ticket);
    const entry = new ICAL.Component(ICAL.parse(attachments[1]?.content as string));
    expect(entry.getFirstPropertyValue('method')).toBe('REQUEST');
    const event = new ICAL.Event(entry.getFirstSubcomponent('vevent') as ICAL.Component);
    expect([event.uid, event.sequence, event.startDate.toJSDate().toISOString()]).toEqual([
      `${registrationId}@comptoir`,
      0,
      seat.startsAt,
    ]);
  });

  it('that cancels takes the same entry out of the calendar', async () => {
    const { attachments } = await composeMail(messages[6] as MailMessage, 'fr');
    const entry = new ICAL.Component(ICAL.parse(attachments[0]?.content as string));
    expect(entry.getFirstPropertyValue('method')).toBe('CANCEL');
    const event = new ICAL.Event(entry.getFirstSubcomponent('vevent') as ICAL.Component);
    expect([event.uid, event.sequence]).toEqual([`${registrationId}@comptoir`, 1]);
  });
});

describe('the way to the mail server', () => {
  let mailbox: TestMailbox;

  beforeAll(async () => {
    mailbox = await startTestMailbox();
  });

  afterAll(() => mailbox.stop());

  it('brings hostile names and titles as they were typed, and injects nothing', async () => {
    const hostile = 'Zoë 🎟️ <b>x</b>\r\nBcc: victim@example.org\r\n\r\n"عربى" \u202e';
    const transport = createMailTransport({ smtpUrl: mailbox.url, from: 'Comptoir <comptoir@comptoir.test>' });
    const mail = await composeMail(
      { kind: 'confirmed', name: hostile, seat: { ...seat, title: hostile }, ticket, calendar },
      'fr',
    );
    const to = { name: hostile.replace(/[\r\n]+/g, ' '), address: 'zoe@example.org' };
    await transport.send({ to, messageId: 'one@comptoir.test', mail });
    transport.close();
    const received = await mailbox.waitForMail(() => true);
    expect(received.to).toEqual(['zoe@example.org']);
    expect(received.mail.bcc).toBeUndefined();
    expect(received.mail.messageId).toBe('<one@comptoir.test>');
    expect(received.mail.subject).toContain('🎟️ <b>x</b> Bcc: victim@example.org');
    expect(received.mail.html).toContain('&lt;b&gt;x&lt;/b&gt;');
    expect(received.mail.text).toContain('"عربى"');
    const entry = received.mail.attachments.find(({ contentType }) => contentType === 'text/calendar');
    expect(
      new ICAL.Component(ICAL.parse(entry?.content.toString() as string)).getAllSubcomponents('vevent'),
    ).toHaveLength(1);
  });
});

describe('a ticket', () => {
  it('says whose seat it is and until when, and fits a light code', () => {
    expect(tickets.read(ticket)).toMatchObject({ registrationId, cafeId });
    expect(tickets.read(ticket)?.validUntil.toISOString()).toBe('2026-11-26T02:30:00.000Z');
    expect(ticket.length).toBeLessThan(150);
    expect(qrTextOf(tickets.png(ticket))).toBe(ticket);
    expect(tickets.svg(ticket, '<A & B>')).toContain('<title>&lt;A &amp; B></title>');
  });

  it('is refused when it is changed, of another installation, or no ticket at all', () => {
    const foreign = openTickets('another secret of enough letters..').ticketFor({
      registrationId,
      cafeId,
      endsAt: seat.endsAt,
    });
    const changed = `B${ticket.slice(1)}`;
    for (const wrong of [
      foreign,
      changed,
      '',
      'x',
      `${ticket}=`,
      `${ticket} `,
      ticket.slice(2),
      'é'.repeat(40),
      ticket + ticket,
    ])
      expect(tickets.read(wrong)).toBeUndefined();
  });
});
