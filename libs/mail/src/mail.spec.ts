import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { calendarEntry } from '#calendar';
import { locales, MailKind } from '#contract';
import { qrCodePng } from '#tickets';
import { type ReceivedMail, startTestMailbox, type TestMailbox } from '../../../test/support/index.ts';
import { qrTextOf } from '../../../test/support/png.ts';
import { isolateDirection } from './bidi-isolation.ts';
import {
  type Addressee,
  type ComposedMail,
  createMailComposer,
  createMailTransport,
  type MailMessage,
  type MailTransport,
  type Sample,
  sampleMessages,
  TypedText,
} from './index.ts';

const composer = createMailComposer({ ticketImage: qrCodePng, calendarEntry });

function sample(name: string): Sample {
  const found = sampleMessages('fr').find((each) => each.name === name);
  if (!found) throw new Error(`there is no sample ${name}`);
  return found;
}

/** A French sample, unchanged or with other facts. */
function write(name: string, facts: object = {}, reader: Partial<Addressee> = {}): Promise<ComposedMail> {
  const { message, to } = sample(name);
  return composer.compose({ ...message, ...facts } as MailMessage, { ...to, ...reader });
}

const samples = locales.flatMap((locale) =>
  sampleMessages(locale).map(({ name, message, to }) => [locale, name, message, to] as const),
);

describe('a message', () => {
  it('exists for each kind', () => {
    expect([...new Set(samples.map(([, , { kind }]) => kind))].sort()).toEqual([...MailKind.options].sort());
  });

  it.each(samples)('in %s, %s, has the same content in HTML and in text', async (locale, _name, message, to) => {
    const { subject, html, text, attachments, calendar } = await composer.compose(message, to);
    expect(subject.length).toBeGreaterThan(10);
    expect(html).toContain(`lang="${locale}"`);
    // A mail loads nothing from elsewhere when it is opened, and runs no code.
    expect(html).not.toMatch(/(?:src|background)="(?!cid:)|@import|url\(|<script|<form/);
    // No placeholder of a template is left.
    expect(html + text).not.toMatch(/[\ue000-\uf8ff]|undefined|\[object/);
    for (const cid of html.matchAll(/cid:([^"]+)/g)) expect(attachments.map((part) => part.cid)).toContain(cid[1]);
    const links = [...html.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
    expect(links.length).toBeGreaterThan(0);
    // The text says what the mail changes in a calendar.
    if (calendar) expect(text).toContain(locale === 'fr' ? 'votre agenda' : 'your calendar');
    // No line break before the number of a room, or within a time.
    expect(text).not.toMatch(/Étoile 3|à \d|at \d|\d [ap]m/);
    for (const link of links) expect(text).toContain(link);
    const plain = (part: string) => part.replace(/[\s\u00a0]+/g, ' ');
    for (const part of [html, text].map(plain)) {
      if ('code' in message) expect(part).toContain('482 913');
      if ('seat' in message) {
        expect(part).toContain('Salle Étoile 3');
        expect(part).toContain(
          locale === 'fr'
            ? 'mercredi 25 novembre 2026, 14 h 30 – 15 h 15 (heure d’Europe centrale)'
            : 'Wednesday 25 November 2026, 2:30 pm – 3:15 pm (Central European Time)',
        );
      }
    }
  });

  it('contains no link that acts: each link leads to a page of the product', async () => {
    for (const [, , message, to] of samples) {
      const { html } = await composer.compose(message, to);
      for (const [, href = ''] of html.matchAll(/href="([^"]+)"/g)) {
        expect(new URL(href).pathname).toMatch(
          /^\/(me\/settings|api\/v1\/reminders\/unsubscribe|sign-in|events\/[\w-]+|registrations\/[\w-]+|host\/cafes\/[\w-]+)$/,
        );
      }
    }
  });

  it.each(samples)(
    'in %s, %s, has a link with a key to an open seat only, and shows the code for another device',
    async (locale, _name, message, to) => {
      const { html, text, calendar, attachments } = await composer.compose(message, to);
      const keyed = 'seat' in message && message.seat.keyed;
      for (const part of [html, text]) {
        expect(part.includes('?key=')).toBe(Boolean(keyed));
        expect(part.includes('250 614')).toBe(Boolean(keyed));
      }
      const label = {
        fr: 'Code pour agir depuis un autre appareil\u00a0: 250 614',
        en: 'Code to act from another device: 250 614',
      };
      if (keyed) expect(text).toContain(label[locale]);
      // Calendars are shared with other people.
      const entries = [calendar?.content, ...attachments.map(({ content }) => content)];
      expect(entries.filter((content) => typeof content === 'string' && /key=|250 ?614/.test(content))).toEqual([]);
    },
  );

  it('asks a proved attendee whether the claim was theirs, and says that nothing happens otherwise', async () => {
    const known = await write('prove-address-known');
    expect(known.text).toMatch(/quelqu’un a demandé cette place avec votre adresse, sans se connecter/);
    expect(known.text).toMatch(/Ignorez ce message\s: il ne se passe rien/);
    expect((await write('prove-address')).text).not.toContain('sans se connecter');
  });

  it('about a held seat says who asked for it, and until when it is kept', async () => {
    const { text } = await write('prove-address-for-them');
    expect(text).toContain('fatoumata.camara@example.org a demandé une place pour vous dans ce Café');
    expect(text).toMatch(/Confirmez votre adresse avant mardi\s10\sh\s12 pour que cette place soit à vous/);
    const turn = await write('prove-address-in-turn');
    expect(turn.text).toMatch(/une place vous est réservée à votre tour si vous confirmez votre adresse avant mardi/);
  });

  it('that signs in without a valid code contains only its link', async () => {
    const { subject, text } = await write('sign-in-code', { code: undefined });
    expect(subject).toBe('Votre lien de connexion');
    expect(text).not.toMatch(/\d{3} \d{3}/);
  });

  it('that offers a seat has a button for each answer, which leads to the page', async () => {
    const { html } = await write('offered');
    expect(html).toMatch(
      /href="[^"]+\?key=k+&amp;answer=accept"[\s\S]+Accepter[\s\S]+href="[^"]+\?key=k+&amp;answer=decline"[\s\S]+Décliner/,
    );
  });

  it('that offers a seat names the seat that accepting gives back, and the earlier time and place of a moved Café', async () => {
    const offered = await write('offered');
    expect(offered.text).toMatch(
      /déjà une place\s: Café\s5\s: Eau, assainissement et changement climatique \(14\sh\s30, Salle Étoile\s3\)\. En acceptant/,
    );
    expect(offered.text).not.toContain('Auparavant');
    const moved = await write('offered-after-a-move');
    for (const part of [moved.text, moved.html]) expect(part).toContain('Salle Longchamp');
    expect(moved.text).toMatch(/Auparavant\s: mercredi\s25 novembre\s2026, 10\sh\s00/);
    const free = await write('offered', { swaps: [] });
    expect(free.text).not.toContain('En acceptant');
  });

  it("about a seat that a delegate took gives the delegate's address only, and the reason for the message", async () => {
    const { text, html } = await write('confirmed-for-them');
    expect(text).toContain('fatoumata.camara@example.org a pris une place pour vous');
    for (const part of [text, html]) {
      expect(part).toContain('parce que fatoumata.camara@example.org a demandé cette place pour vous');
      expect(part).not.toContain('Fatoumata');
    }
    expect((await write('confirmed')).text).not.toContain('pour vous dans ce Café');
  });

  it('that confirms a seat shows the ticket as an image', async () => {
    const { message, to } = sample('confirmed');
    const { attachments } = await composer.compose(message, to);
    const picture = attachments.find(({ cid }) => cid === 'ticket@comptoir');
    expect('ticket' in message && qrTextOf(picture?.content as Buffer)).toBe('ticket' in message && message.ticket);
  });

  it('to a group that waits together gives the number of seats, and does not call a Café with free seats full', async () => {
    const { text } = await write('waitlisted-together');
    expect(text).toMatch(/^Votre groupe attend\s5\splaces ensemble/);
    expect(text).not.toContain('complet');
    expect((await write('waitlisted')).text).toContain('ce Café est complet');
    expect((await write('waitlisted', { isFull: false })).text).not.toContain('complet');
    const proof = await write('prove-address-in-line', { waitsTogether: 4 });
    expect(proof.text).toContain('votre groupe attend\u00a04 places ensemble');
  });

  it('to an attendee who only waited does not mention a lost seat', async () => {
    for (const locale of locales) {
      const mails = await Promise.all([
        write('cancelled-while-waiting', {}, { locale }),
        write('cancelled-by-organiser', { onlyWaited: true, calendar: undefined }, { locale }),
        write('cancelled-by-organiser-clash', { onlyWaited: true, calendar: undefined }, { locale }),
      ]);
      for (const { subject, text } of mails) {
        expect(subject).not.toMatch(/place (annulée|rendue)|seat/i);
        expect(text).not.toMatch(/plus de place ici|votre place|no longer have a seat|your seat/i);
      }
    }
  });

  it('that reminds says “demain” on the day before in the time zone of the event, and “aujourd’hui” on the day', async () => {
    const subjectAt = async (now: string) => (await write('reminder-day-before', { now })).subject;
    expect(await subjectAt('2026-11-24T22:59:00.000Z')).toMatch(/^Demain à 14\sh\s30 : /);
    expect(await subjectAt('2026-11-24T23:01:00.000Z')).toMatch(/^Aujourd’hui à 14\sh\s30 : /);
  });

  it('lists at most a hundred people, and says where the others are', async () => {
    const expected = Array.from({ length: 130 }, (_, index) => ({
      name: new TypedText(`Personne ${index}.`),
      proved: true,
    }));
    const { text, html } = await write('host-list', { expected });
    expect(text).toMatch(/- Personne\s99\.\nEt\s30\sautres, sur la liste en ligne\./);
    expect(html).not.toMatch(/Personne\s100\./);
    const none = await write('host-list', { expected: [] });
    expect(none.text).toMatch(/personne n’est inscrit pour le moment à ce Café de\s12\splaces/);
  });

  it('uses the plural rules of its language, and has no sentence with two zeros', async () => {
    for (const locale of locales) {
      for (const capacity of [0, 1, 2]) {
        const { text } = await write('host-list', { expected: [], capacity, waitlisted: capacity }, { locale });
        expect(text).not.toMatch(/\b0\b/);
      }
    }
    const thanks = (locale: 'fr' | 'en') => write('thanks', { registrations: 0 }, { locale });
    expect((await thanks('fr')).text).toMatch(/0\sinscription et son historique/);
    expect((await thanks('en')).text).toMatch(/0\sregistrations /);
  });
});

describe('a text that a visitor typed', () => {
  it('is isolated if it changes the direction of the text after it, and cannot end the isolate', () => {
    expect(isolateDirection('Zoé 🎟️')).toBe('Zoé 🎟️');
    expect(isolateDirection('ليلى')).toBe('\u2068ليلى\u2069');
    expect(isolateDirection('a\u202eb')).toBe('\u2068a\u202eb\u2069');
    expect(isolateDirection('a\u2069\u2069b\u2067c')).toBe('\u2068ab\u2067c\u2069\u2069');
    expect(isolateDirection('  a\r\n\r\nBcc: b\u2028c\u0000 ')).toBe('a Bcc: b c');
  });
});

describe('a mail at the mail server', () => {
  let mailbox: TestMailbox;
  let transport: MailTransport;
  beforeAll(async () => {
    mailbox = await startTestMailbox();
    transport = createMailTransport({ smtpUrl: mailbox.url, from: 'Comptoir <comptoir@comptoir.test>' });
  });
  afterAll(async () => {
    transport.close();
    await mailbox.stop();
  });

  let sent = 0;
  async function send({ message, to }: Omit<Sample, 'name'>): Promise<ReceivedMail> {
    const messageId = `${++sent}@comptoir.test`;
    await transport.send({ messageId, mail: await composer.compose(message, to) });
    return mailbox.waitForMail((received) => received.mail.messageId === `<${messageId}>`);
  }

  it('contains hostile names and titles of each kind as they were typed, and they inject nothing', async () => {
    const hostile = 'Zoë 🎟️ <b>x</b>\r\nBcc: victim@example.org\r\n\r\n"عربى" \u202e\ue0ff0\ue0ff';
    for (const { message, to } of sampleMessages('fr')) {
      const received = await send({
        message: withHostileTexts(message, hostile),
        to: { ...to, name: new TypedText(hostile), proved: true },
      });
      expect(received.to).toEqual(['zoe@example.org']);
      expect([received.mail.bcc, received.mail.cc]).toEqual([undefined, undefined]);
      expect([...received.mail.headers.keys()].filter((header) => header.includes('bcc'))).toEqual([]);
      const { html, text = '', subject = '' } = received.mail;
      if (message.kind === 'sign-in-code') continue;
      expect(html).toContain('&lt;b&gt;x&lt;/b&gt; Bcc: victim@example.org');
      expect(html).not.toContain('<b>x</b>');
      expect(text).toContain('🎟️ <b>x</b> Bcc: victim@example.org "عربى" \u202e');
      if ('seat' in message) expect(subject).toContain('🎟️ <b>x</b> Bcc: victim@example.org');
      for (const part of received.mail.attachments.filter(({ contentType }) => /calendar|ics/.test(contentType))) {
        const calendar = new ICAL.Component(ICAL.parse(part.content.toString()));
        expect(calendar.getAllSubcomponents('vevent')).toHaveLength(1);
      }
    }
  });

  it('has headers against automatic replies, for replies by people, and for unsubscribing from reminders by one click', async () => {
    const reminder = sample('reminder-soon');
    const seat = { ...('seat' in reminder.message && reminder.message.seat), replyTo: 'accueil@example.org' };
    const reminded = await send({ ...reminder, message: { ...reminder.message, seat } as MailMessage });
    const headers = reminded.source.toString().split('\r\n\r\n')[0] ?? '';
    expect(headers).toMatch(/^Auto-Submitted: auto-generated$/im);
    expect(headers).toMatch(/^X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply$/im);
    expect(headers).toMatch(/^Reply-To: accueil@example\.org$/im);
    expect(headers).toMatch(/^List-Unsubscribe: <https:\/\/\S+\/api\/v1\/reminders\/unsubscribe\?token=u+>$/im);
    expect(headers).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/im);
    const confirmed = (await send(sample('confirmed'))).source.toString();
    expect(confirmed).not.toMatch(/List-Unsubscribe|Reply-To/i);
    expect(confirmed).toMatch(/^X-Auto-Response-Suppress: /im);
  });

  it.each([
    ['confirmed', 'REQUEST'],
    ['moved-up', 'REQUEST'],
    ['swapped', 'REQUEST'],
    ['cafe-moved', 'REQUEST'],
    ['cancelled', 'CANCEL'],
    ['cancelled-by-a-swap', 'CANCEL'],
    ['offered-after-a-move', 'CANCEL'],
    ['cancelled-by-organiser', 'CANCEL'],
    ['capacity-lost', 'CANCEL'],
  ])('for %s contains its calendar part as an alternative and as a file: %s', async (name, method) => {
    const { source } = await send(sample(name));
    const types = [
      ...source.toString().matchAll(/^Content-Type: ([^;\r\n]+(?:;[^\r\n]*(?:\r\n[ \t][^\r\n]*)*)?)/gim),
    ].map(([, type = '']) => type.replace(/\s+/g, ' '));
    const order = types.map((type) => type.split(';')[0]);
    // Clients show the last alternative that they support, so the calendar comes after the text.
    expect(order.indexOf('text/plain')).toBeLessThan(order.indexOf('text/html'));
    expect(order.indexOf('text/html')).toBeLessThan(order.indexOf('text/calendar'));
    expect(types.find((type) => type.startsWith('text/calendar'))).toContain(`method=${method}`);
    expect(order).toContain('application/ics');
  });

  it('names the seats that a swap gave back, and a separate message removes each of them from the calendar', async () => {
    const { attachments, text, calendar } = await write('swapped');
    expect(text).toMatch(/Votre place à «\sEau, assainissement et changement climatique\s» est rendue/);
    expect(calendar?.method).toBe('REQUEST');
    const other = await write('cancelled-by-a-swap');
    expect(other.text).toMatch(/échangé cette place contre une place à «\sEau, assainissement/);
    expect(other.calendar?.method).toBe('CANCEL');
    // Outlook uses only the calendar part among the alternatives of the text, and only one entry.
    for (const { contentType } of attachments) expect(contentType).not.toMatch(/calendar|ics/);
  });
});

/** Returns the same message with this text in place of each text that visitors or organisers typed. */
function withHostileTexts(message: MailMessage, hostile: string): MailMessage {
  const texts = new Set(['name', 'title']);
  const change = (value: unknown, key = ''): unknown => {
    if (value instanceof TypedText) return new TypedText(hostile);
    if (typeof value === 'string') return texts.has(key) ? hostile : value;
    if (Array.isArray(value)) return value.map((each) => change(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(each, name)]));
  };
  return change(message) as MailMessage;
}
