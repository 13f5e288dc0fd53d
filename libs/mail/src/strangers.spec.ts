import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ParsedMail, simpleParser } from 'mailparser';
import { calendarEntry } from '#calendar';
import { locales } from '#contract';
import { qrCodePng } from '#tickets';
import { type SmtpSink, startSmtpSink } from '../../../test/support/smtp-sink.ts';
import {
  type Addressee,
  createMailComposer,
  createMailTransport,
  type MailMessage,
  type MailTransport,
  sampleMessages,
  TypedText,
} from './index.ts';
import { greetingName, plainName } from './person-names.ts';

const composer = createMailComposer({ ticketImage: qrCodePng, calendarEntry });

let sink: SmtpSink;
let transport: MailTransport;

beforeAll(async () => {
  sink = await startSmtpSink({ sourcesMax: 10_000 });
  transport = createMailTransport({ smtpUrl: sink.url, from: 'Comptoir <comptoir@comptoir.test>' });
});
afterAll(async () => {
  transport.close();
  await sink.stop();
});

/** A message as the mail server received it: its head unchanged, and all parts and headers decoded. */
interface Bytes {
  all: string;
  mail: ParsedMail;
}

async function send(message: MailMessage, to: Addressee): Promise<Bytes> {
  const messageId = `${sink.count() + 1}@comptoir.test`;
  await transport.send({ messageId, mail: await composer.compose(message, to) });
  const source = (sink.sources.at(-1) as Buffer).toString('utf8');
  const mail = await simpleParser(source, { skipHtmlToText: true, skipTextToHtml: true });
  expect(mail.messageId).toBe(`<${messageId}>`);
  const bodies = source.matchAll(
    /Content-Type: (?:text|application)[\s\S]*?base64[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+?)\r\n--/g,
  );
  const parts = [...bodies].map(([, body = '']) => Buffer.from(body, 'base64').toString('utf8'));
  expect(parts.length).toBeGreaterThanOrEqual(2);
  const unfolded = parts.map((part) => part.replace(/\r\n[ \t]/g, ''));
  const headers = [...mail.headers].map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  const head = source.slice(0, source.indexOf('\r\n\r\n'));
  return { all: [head, ...headers, ...unfolded].join('\n'), mail };
}

/** Returns the lines of a message that match. A pattern that began with `.*` took a second of processor time for each hundred messages. */
const found = ({ all }: Bytes, what: RegExp) => all.split('\n').filter((line) => what.test(line));

/** Returns the same facts with a text of this test for each text that visitors typed. */
function withTypedText<Facts>(facts: Facts, text: () => string): Facts {
  if (facts instanceof TypedText) return new TypedText(text()) as Facts;
  if (Array.isArray(facts)) return facts.map((each) => withTypedText(each, text)) as Facts;
  if (typeof facts !== 'object' || facts === null) return facts;
  return Object.fromEntries(Object.entries(facts).map(([key, value]) => [key, withTypedText(value, text)])) as Facts;
}

const samples = locales.flatMap((locale) =>
  sampleMessages(locale).map(({ name, message, to }) => [locale, name, message, to] as const),
);

describe('a message to an address that is not proved', () => {
  it.each(samples)('in %s, %s, contains no text that a visitor typed', async (_locale, _name, message, to) => {
    let markers = 0;
    const marked = withTypedText({ message, to }, () => `zxqmarker${String.fromCharCode(97 + markers++)}`);
    const unproved = await send(marked.message, { ...marked.to, proved: false });
    expect(found(unproved, /zxq|marker/i)).toEqual([]);
    expect(unproved.mail.to).toMatchObject({ value: [{ address: to.address, name: '' }] });
    // Control: the same message to a proved address contains the markers.
    const proved = await send(marked.message, { ...marked.to, proved: true });
    if (markers > 1) expect(found(proved, /zxqmarker/).length).toBeGreaterThan(0);
  });

  it.each(samples.filter(([locale]) => locale === 'fr'))(
    'in %s, %s, greets with the first name at most',
    async (_locale, _name, message, to) => {
      const sent = await send(
        withTypedText(message, () => 'Zoé Xylophone'),
        { ...to, proved: false, name: new TypedText('Zoé Xylophone') },
      );
      expect(found(sent, /Xylophone/)).toEqual([]);
    },
  );

  it.each([
    'Gagnez 500 euros sur evil-prix.com',
    'URGENT: pay 500 EUR to DE89 3704 0044 0532 0130 00',
    'URGENT … pay … at pay-now.example',
    'Zoé\r\nBcc: victim@example.org\r\nSubject: URGENT pay now',
    '=?utf-8?q?URGENT_pay_500_euros?= <evil@evil-prix.com>',
    'evil-prix.com',
  ])('does not contain “%s”, in whichever field it was typed', async (text) => {
    for (const { message, to } of sampleMessages('fr')) {
      const sent = await send(
        withTypedText(message, () => text),
        { ...to, proved: false, name: new TypedText(text) },
      );
      expect(found(sent, /Gagnez|500 eur|evil|URGENT|pay |victim/i)).toEqual([]);
      // A reminder also has a header to unsubscribe.
      expect([...sent.mail.headers.keys()].filter((name) => name !== 'list').sort()).toEqual([
        'auto-submitted',
        'content-type',
        'date',
        'from',
        'message-id',
        'mime-version',
        'subject',
        'to',
        'x-auto-response-suppress',
      ]);
    }
  });

  it('shows a delegate by the address only, to all readers, because a name can be any sentence', async () => {
    const samples = sampleMessages('fr').filter(({ name }) => name.endsWith('for-them'));
    expect(samples.length).toBeGreaterThan(1);
    for (const { to, message } of samples) {
      for (const proved of [false, true]) {
        const registeredBy = { name: new TypedText('URGENT pay invoice now'), address: 'awa@example.org' };
        const { mail } = await send({ ...message, registeredBy } as typeof message, { ...to, proved });
        expect(mail.text?.replace(/\s+/g, ' ')).toMatch(
          /Bonjour Zoé(?: Lefèvre)?, awa@example\.org a (?:demandé|pris) une place pour vous/,
        );
        expect(JSON.stringify(mail)).not.toContain('URGENT');
      }
    }
  });
});

describe('the first name in the greeting of a message', () => {
  it.each([
    ['Zoé Lefèvre', 'Zoé'],
    ['Jean-Baptiste Œuvrard', 'Jean-Baptiste'],
    ['N’Golo Kanté', 'N’Golo'],
    ["D'Arcy de la Tour", "D'Arcy"],
    ['Nguyễn Thị Hạnh', 'Nguyễn'],
    ['Ελένη', 'Ελένη'],
    ['Наталья Иванова', 'Наталья'],
    ['ليلى منصور', 'ليلى'],
    ['李小龙', '李小龙'],
  ])('of “%s” is “%s”', (name, first) => {
    expect(greetingName(name)).toBe(first);
  });

  it.each([
    '',
    'Z',
    'Gagnez 500 euros sur evil-prix.com',
    'evil-prix.com',
    'www.evil',
    'URGENT',
    'URGENT Pay',
    'pay now',
    'Zoé!',
    'Zoé 2',
    'Zoé; Lefèvre',
    'Zoé\u202ecomEvil',
    'Zo\u200bé',
    'Pаypal', // with a Cyrillic а
    'Jean-Marie-Pierre',
    'Abcdefghijklmnopqrstu',
    'Nous vous offrons un cadeau ici',
    'Z\u0301\u0301\u0301\u0301oé',
    '💶 Gain',
  ])('does not exist in “%s”', (name) => {
    expect(greetingName(name)).toBeUndefined();
  });

  it('is not used for a proved person, who is greeted by the whole name if it is a plain name', () => {
    for (const name of ['lea martin', 'DUPONT Jean', 'Dr. Zoé Lefèvre', 'ليلى منصور', '\u2068ليلى\u2069'])
      expect(plainName(name)).toBe(name);
    for (const text of ['Zoé 2', 'Zoé (Orvault)', 'evil.com', 'Monsieur. Dupont', 'x'.repeat(61)])
      expect(plainName(text)).toBeUndefined();
  });
});
