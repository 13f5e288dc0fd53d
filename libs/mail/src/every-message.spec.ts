import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Locale, locales, MailKind } from '#contract';
import { createMailComposer } from './composer.ts';
import type { CafeFacts, ComposedMail, MailMessage, SeatFacts } from './message.ts';
import { TypedText } from './typed-text.ts';

/** Random messages of each kind, in each language. */
const RUNS = 40;

const composer = createMailComposer({
  ticketImage: () => Buffer.from('ticket'),
  calendarEntry: () => 'BEGIN:VCALENDAR',
});

/** Words of no language: what people and organisers type is not looked at here. */
const WORD = 'Qwxz';

/** First days of months, other years, the hour that comes twice, a night, and any other time. */
const instant = fc.oneof(
  fc.constantFrom(
    '2026-12-01T13:30:00.000Z',
    '2027-03-01T01:30:00.000Z',
    '2026-10-25T00:30:00.000Z',
    '2026-10-25T01:30:00.000Z',
    '2026-12-31T23:15:00.000Z',
    '2027-08-01T00:00:00.000Z',
  ),
  fc
    .date({ min: new Date('2026-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
    .map((at) => `${at.toISOString().slice(0, 16)}:00.000Z`),
);
const timeZone = fc.constantFrom('Europe/Paris', 'America/Sao_Paulo', 'Asia/Kolkata', 'UTC');
/** 0 and 1 are the odd ones of some languages, 2 and 21 of others. */
const count = fc.oneof(fc.constantFrom(0, 1, 2, 3, 11, 21, 100), fc.nat({ max: 1_000 }));
const atLeastOne = count.map((some) => Math.max(1, some));
const typed = (text: string) => new TypedText(text);
const maybe = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined });

const cafe: fc.Arbitrary<CafeFacts> = fc
  .record({ startsAt: instant, minutes: fc.integer({ min: 15, max: 900 }), timeZone })
  .map(({ startsAt, minutes, timeZone: zone }) => ({
    ...{ title: `${WORD} title`, label: `${WORD} 1`, room: `${WORD} room`, event: `${WORD} event` },
    startsAt,
    endsAt: new Date(Date.parse(startsAt) + minutes * 60_000).toISOString(),
    timeZone: zone,
  }));
const URL_OF_SEAT = 'https://qwxz.test/qwxz';
const seat: fc.Arbitrary<SeatFacts> = fc.tuple(cafe, fc.boolean()).map(([facts, isOpen]) => ({
  ...facts,
  ...{ registrationId: '019358c1-7e2a-7c31-9a57-2f60c6b01e44', url: URL_OF_SEAT },
  ...(isOpen && { keyed: { url: `${URL_OF_SEAT}?key=qwxz`, code: '250614' } }),
}));
const link = fc.constant(URL_OF_SEAT);
const calendar = fc.constant({ organiser: { name: WORD, email: 'qwxz@qwxz.test' }, sequence: 3 });
const before = maybe(cafe.map(({ startsAt, endsAt, room }) => ({ startsAt, endsAt, room })));
const registeredBy = maybe(fc.constant({ address: 'qwxz@qwxz.test' }));
const waitsTogether = maybe(fc.integer({ min: 2, max: 20 }));
const ticket = fc.constant(WORD);
const kind = <Kind extends MailKind>(name: Kind) => fc.constant(name);

const confirmed = <Kind extends 'confirmed' | 'moved-up' | 'swapped'>(name: Kind) =>
  fc.record({
    ...{ kind: kind(name), seat, ticket, calendar, registeredBy },
    gaveBack: fc.array(cafe, { maxLength: 3 }),
  });
const over = <Kind extends 'offer-expired' | 'line-closed'>(name: Kind) =>
  fc.record({ kind: kind(name), seat, programmeUrl: link, calendar: maybe(calendar) });
const ended = { seat, programmeUrl: link, calendar: maybe(calendar), onlyWaited: fc.boolean() };
const reminder = <Kind extends 'reminder-day-before' | 'reminder-soon'>(name: Kind) =>
  fc.record({ kind: kind(name), seat, ticket, unsubscribeUrl: link, now: instant });

const messages: { [Kind in MailKind]: fc.Arbitrary<Extract<MailMessage, { kind: Kind | string }>> } = {
  'sign-in-code': fc.record({
    ...{ kind: kind('sign-in-code'), link, linkMinutes: atLeastOne },
    code: maybe(fc.record({ digits: fc.constant('482913'), minutes: atLeastOne })),
  }),
  'prove-address': fc
    .record({
      ...{ kind: kind('prove-address'), code: fc.constant('482913'), link, seat, registeredBy, waitsTogether },
      ...{ until: instant, how: fc.constantFrom('held', 'waits', 'in-turn'), waitlistPosition: atLeastOne },
    })
    .map(({ until, how, waitlistPosition, ...rest }) => ({
      ...rest,
      ...(how === 'held' ? { expiresAt: until } : { waitlistPosition }),
      ...(how === 'in-turn' && { proveBy: until }),
    })),
  confirmed: confirmed('confirmed'),
  'moved-up': confirmed('moved-up'),
  swapped: confirmed('swapped'),
  waitlisted: fc.record({
    ...{ kind: kind('waitlisted'), seat, waitlistPosition: atLeastOne, waitsTogether },
    ...{ isFull: fc.boolean(), registeredBy },
  }),
  offered: fc.record({
    ...{ kind: kind('offered'), seat, expiresAt: instant, swaps: fc.array(cafe, { maxLength: 3 }) },
    ...{ calendar: maybe(calendar), before },
  }),
  'offer-expired': over('offer-expired'),
  'line-closed': over('line-closed'),
  'seat-released': fc.record({ kind: kind('seat-released'), seat, programmeUrl: link }),
  'cafe-moved': fc.record({
    ...{ kind: kind('cafe-moved'), seat, before, ticket: maybe(ticket), calendar: maybe(calendar) },
  }),
  cancelled: fc.record({
    ...{ kind: kind('cancelled'), ...ended, swappedFor: maybe(fc.constant(WORD)), isErased: fc.boolean() },
  }),
  'capacity-lost': fc.record({ kind: kind('capacity-lost'), ...ended }),
  'cancelled-by-organiser': fc.record({
    ...{ kind: kind('cancelled-by-organiser'), ...ended, cafeCancelled: fc.boolean() },
    clashesWith: maybe(fc.constant(WORD)),
  }),
  'reminder-day-before': reminder('reminder-day-before'),
  'reminder-soon': reminder('reminder-soon'),
  'delegation-summary': fc.record({
    ...{ kind: kind('delegation-summary'), cafe, waitsTogether, programmeUrl: link },
    people: fc.array(
      fc.record({
        email: fc.constant(typed('qwxz@qwxz.test')),
        status: fc.constantFrom('confirmed', 'waitlisted', 'kept', 'ended'),
        position: maybe(atLeastOne),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  'host-list': fc.record({
    ...{ kind: kind('host-list'), cafe, capacity: count, waitlisted: count, doorUrl: link },
    expected: fc.oneof(
      fc.array(fc.record({ name: fc.constant(typed(WORD)), proved: fc.boolean() }), { maxLength: 3 }),
      fc.constantFrom(100, 101, 102).map((people) => Array(people).fill({ name: typed(WORD), proved: true })),
    ),
  }),
  thanks: fc.record({
    ...{ kind: kind('thanks'), event: fc.constant(WORD), registrations: count, dataUrl: link },
    kept: fc.record({
      ...{ name: fc.constant(typed(WORD)), email: fc.constant(typed('qwxz@qwxz.test')) },
      organisation: maybe(fc.constant(typed(WORD))),
    }),
    keepsOrganisation: fc.boolean(),
    attended: fc.array(fc.constant({ label: WORD, title: WORD }), { maxLength: 3 }),
  }),
};

/** What a template or a computation leaves behind. */
const LEFT_OVER =
  /undefined|\bnull\b|NaN|\[object|Invalid Date|Infinity|\$\{|\{\{|\}\}|%[sd]\b|\p{Co}|\bfunction\b|=>/u;

/** Words of each language that no other of these languages has. */
const TELLTALES: Record<Locale, RegExp> = {
  fr: /(?<!\p{L})(vous|votre|vos|nous|cette|pour|dans|avec|est|une|Bonjour)(?!\p{L})/iu,
  en: /(?<!\p{L})(you|your|the|this|with|seat|seats|is|of|Hello)(?!\p{L})/iu,
};

const TAGS: Record<Locale, string> = { fr: 'fr-FR', en: 'en-GB' };

/** The names of months and weekdays of a language. */
function namesOf(locale: Locale): string[] {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(TAGS[locale], { ...options, timeZone: 'UTC' });
  const [months, weekdays] = [format({ month: 'long' }), format({ weekday: 'long' })];
  return [
    ...Array.from({ length: 12 }, (_, month) => months.format(Date.UTC(2026, month, 1))),
    ...Array.from({ length: 7 }, (_, day) => weekdays.format(Date.UTC(2026, 0, day + 1))),
  ];
}

const others = (locale: Locale) => locales.filter((other) => other !== locale);

/** For each language, the names of months and weekdays of the others. They are made once: Intl's formatters take much memory. */
const FOREIGN_NAMES = Object.fromEntries(
  locales.map((locale) => {
    const own = namesOf(locale).map((name) => name.toLowerCase());
    const foreign = others(locale).flatMap((other) =>
      namesOf(other).filter((name) => !own.includes(name.toLowerCase())),
    );
    return [locale, foreign.map((name) => new RegExp(`(?<!\\p{L})${name}(?!\\p{L})`, 'iu'))];
  }),
) as Record<Locale, RegExp[]>;

/** How Intl names the zone UTC, which nobody does. */
const UTC_IN_DIGITS = /(?:UTC|GMT)\+00:00/;

/** What another language writes, or what this one writes otherwise: ordinals, times, plurals. */
const RULES: Record<Locale, RegExp[]> = {
  fr: [
    UTC_IN_DIGITS,
    // “1er décembre”; other days have no ordinal.
    /(?<!\d)1\s(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)/u,
    /\d(?:st|nd|rd|th)\b/u,
    /\d\s?[ap]m\b/iu,
    // Not of “UTC+5:30”.
    /(?<![\d+−-])\d{1,2}:\d\d(?!\d)/u,
    // Zero and one are singular.
    /(?<![\d.,\p{L}])[01]\s(?!fois)\p{Ll}+s(?!\p{L})/u,
    // A mark of two parts has a space before it.
    /[\p{L}\d»][;!?](?=\s|$)/u,
  ],
  en: [
    UTC_IN_DIGITS,
    /\d(?:er|re|ère|e|ᵉ|ʳᵉ|ᵉʳ)(?!\p{L})/u,
    /\d\s?h\s?\d\d/u,
    /(?<![\d+−-])\d{1,2}:\d\d(?!\s?[ap]m)/u,
    /(?<![\d.,\p{L}])1\s(?!is|was|has)\p{Ll}+s(?!\p{L})/u,
    /(?<![\d.,\p{L}])(?:0|[2-9]|\d\d+)\s(?:person|seat|minute|registration|other)(?!\p{L})/u,
    /\s[;:!?](?=\s|$)/u,
    /«|»/u,
  ],
};

/** The words of a mail that a reader sees, without addresses of pages. */
function wordsOf({ subject, text, html }: ComposedMail): string[] {
  const shown = html
    .replace(/<(style|title|head)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#x27;/g, '’')
    .replace(/&[a-z]+;|&#\w+;/g, ' ');
  return [subject, text, shown].map((part) => part.replaceAll(/https?:\S+/g, ' '));
}

function faultsOf(mail: ComposedMail, locale: Locale): string[] {
  const parts = wordsOf(mail);
  const found: string[] = [];
  if (!/\p{L}/u.test(mail.subject) || /[\r\n]/.test(mail.subject)) found.push(`the subject ${mail.subject}`);
  if (!mail.html.includes(`lang="${locale}"`)) found.push('the language of the HTML');
  for (const part of parts) {
    const wrong = [
      LEFT_OVER.exec(part),
      ...others(locale).map((other) => TELLTALES[other].exec(part)),
      ...RULES[locale].map((rule) => rule.exec(part)),
      ...FOREIGN_NAMES[locale].map((name) => name.exec(part)),
    ];
    for (const each of wrong) {
      if (each) found.push(`${each[0]} in: ${part.slice(Math.max(0, each.index - 60), each.index + 60)}`);
    }
  }
  if (!TELLTALES[locale].test(parts[1] as string)) found.push('no word of the language');
  return found;
}

describe.each(locales.map((locale) => [locale] as const))('every message in %s', (locale) => {
  it.each(MailKind.options)('of the kind %s is whole, and in its own language by its own rules', async (name) => {
    await fc.assert(
      fc.asyncProperty(messages[name], fc.boolean(), async (message, proved) => {
        const to = { name: typed(WORD), address: 'qwxz@qwxz.test', proved, locale };
        expect(faultsOf(await composer.compose(message as MailMessage, to), locale)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('the check of messages', () => {
  const mail = (text: string, subject = 'Votre place'): ComposedMail => ({
    ...{ to: { name: '', address: 'qwxz@qwxz.test' }, subject, text, attachments: [] },
    html: `<html lang="fr"><body>${text}</body></html>`,
  });

  it('takes what French writes', () => {
    const good =
      'Bonjour, votre place est à vous : mardi 1er décembre 2026, 14\u202fh\u202f30. Il reste 1 place, 0 personne.';
    expect(faultsOf(mail(good), 'fr')).toEqual([]);
  });

  it('finds a subject without words', () => {
    expect(faultsOf(mail('Votre place est là.', ' '), 'fr')).not.toEqual([]);
  });

  it.each([
    ['a value that is missing', 'Votre place est undefined.'],
    ['a placeholder', 'Votre place est \ue0ff3\ue0ff.'],
    ['a sentence of another language', 'Votre place est là. Your seat is here.'],
    ['a day without its ordinal', 'Votre place est là, mardi 1 décembre 2026.'],
    ['a month of another language', 'Votre place est là, mardi 2 December 2026.'],
    ['a clock of another language', 'Votre place est là à 2:30 pm.'],
    ['a plural of nothing', 'Votre place est là, et 0 places restent.'],
  ])('finds %s', (_, text) => {
    expect(faultsOf(mail(text), 'fr')).not.toEqual([]);
  });
});
