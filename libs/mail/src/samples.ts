import type { Locale } from '#contract';
import type { Addressee, CafeFacts, CalendarFacts, MailMessage, SeatFacts } from './message.ts';
import { TypedText } from './typed-text.ts';

/** A sample message: its file name, its addressee, and its facts. */
export interface Sample {
  name: string;
  to: Addressee;
  message: MailMessage;
}

const NAME = 'Zoé Lefèvre';
const ADDRESS = 'zoe@example.org';
const URL = 'https://comptoir.example.org';
const REGISTRATION_ID = '019358c1-7e2a-7c31-9a57-2f60c6b01e44';
const CAFE_ID = '019358c0-11f4-7d0e-8a3b-90b1c2d3e4f5';
/** A ticket of another installation, which no door accepts. */
const ticket =
  'AgEBk1jBfip8MZpXL2DGsB5EAZNYwBH0fQ6KO5CxwtPk9QHIqOdB-DLKi5_C_mLajAtRnBKhR3-RIofdR8_JcNN13C0jd9IR-XYKxjn2IK6j4VFcpQxd6tuCHmUGVfq6EdNwDgIP';

const texts = {
  fr: {
    label: 'Café 3',
    title: 'Logement social et coopération décentralisée : quelles réponses locales ?',
    other: 'Eau, assainissement et changement climatique',
    event: 'Rencontres de l’action internationale 2026',
    reason: 'La salle est prise par la séance plénière.',
  },
  en: {
    label: 'Café 3',
    title: 'Social housing and local cooperation: which answers fit a town?',
    other: 'Water, sanitation and climate change',
    event: 'Meetings of International Action 2026',
    reason: 'The plenary session takes the room.',
  },
};

/** A sample of each message with invented people and Cafés, for `npm run mail -- preview`. */
export function sampleMessages(locale: Locale): Sample[] {
  const { label, title, other, event, reason } = texts[locale];
  const cafe: CafeFacts = {
    title,
    label,
    room: 'Salle Étoile 3',
    event,
    startsAt: '2026-11-25T13:30:00.000Z',
    endsAt: '2026-11-25T14:15:00.000Z',
    timeZone: 'Europe/Paris',
  };
  const url = `${URL}/registrations/${REGISTRATION_ID}`;
  /** A seat that ended, which its key no longer opens, and an open seat. */
  const ended: SeatFacts = { ...cafe, registrationId: REGISTRATION_ID, url };
  const seat: SeatFacts = { ...ended, keyed: { url: `${url}?key=${'k'.repeat(54)}`, code: '250614' } };
  const calendar: CalendarFacts = {
    organiser: { name: event, email: 'comptoir@comptoir.example.org' },
    sequence: 7,
  };
  const registeredBy = { address: 'fatoumata.camara@example.org' };
  const code = '482913';
  const link = `${URL}/sign-in?token=abc`;
  const programmeUrl = `${URL}/events/raict-2026`;
  const mine = { seat, ticket, calendar };
  const endedSeat = { seat: ended, calendar, programmeUrl };
  const another = { ...ended, label: 'Café 5', title: other };
  const before = { startsAt: '2026-11-25T09:00:00.000Z', endsAt: '2026-11-25T09:45:00.000Z', room: 'Salle Longchamp' };
  const keptUntil = '2026-11-24T09:12:00.000Z';
  const prove = (
    how: Omit<Extract<MailMessage, { kind: 'prove-address' }>, 'kind' | 'code' | 'link' | 'seat'>,
  ): MailMessage => ({
    kind: 'prove-address',
    code,
    link,
    seat: ended,
    ...how,
  });
  const messages: Record<string, MailMessage> = {
    'sign-in-code': { kind: 'sign-in-code', link, linkMinutes: 30, code: { digits: code, minutes: 10 } },
    'prove-address': prove({ expiresAt: keptUntil }),
    'prove-address-known': prove({ expiresAt: keptUntil }),
    'prove-address-for-them': prove({ expiresAt: keptUntil, registeredBy }),
    'prove-address-in-line': prove({ waitlistPosition: 2 }),
    'prove-address-in-turn': prove({ waitlistPosition: 2, proveBy: keptUntil }),
    confirmed: { kind: 'confirmed', ...mine },
    'confirmed-for-them': { kind: 'confirmed', ...mine, registeredBy },
    waitlisted: { kind: 'waitlisted', seat, waitlistPosition: 3, isFull: true },
    'waitlisted-together': {
      kind: 'waitlisted',
      seat,
      waitlistPosition: 1,
      waitsTogether: 5,
      isFull: false,
      registeredBy,
    },
    offered: { kind: 'offered', seat, expiresAt: '2026-11-25T10:40:00.000Z', swaps: [another] },
    'offered-after-a-move': {
      kind: 'offered',
      seat,
      expiresAt: '2026-11-25T10:40:00.000Z',
      swaps: [another],
      calendar,
      before,
    },
    'moved-up': { kind: 'moved-up', ...mine },
    'offer-expired': { kind: 'offer-expired', seat: ended, programmeUrl },
    'line-closed': { kind: 'line-closed', seat: ended, programmeUrl },
    swapped: { kind: 'swapped', ...mine, gaveBack: [another] },
    cancelled: { kind: 'cancelled', ...endedSeat },
    'cancelled-by-a-swap': { kind: 'cancelled', ...endedSeat, swappedFor: other },
    'cancelled-by-erasure': { kind: 'cancelled', ...endedSeat, isErased: true },
    'cancelled-while-waiting': { kind: 'cancelled', seat: ended, programmeUrl, onlyWaited: true },
    'cancelled-by-organiser': { kind: 'cancelled-by-organiser', ...endedSeat, cafeCancelled: true, reason },
    'cancelled-by-organiser-clash': {
      kind: 'cancelled-by-organiser',
      ...endedSeat,
      cafeCancelled: false,
      clashesWith: other,
    },
    'capacity-lost': { kind: 'capacity-lost', ...endedSeat },
    'seat-released': { kind: 'seat-released', seat: ended, programmeUrl },
    'cafe-moved': { kind: 'cafe-moved', ...mine, before, reason },
    'reminder-day-before': {
      kind: 'reminder-day-before',
      seat,
      ticket,
      unsubscribeUrl: `${URL}/api/v1/reminders/unsubscribe?token=${'u'.repeat(54)}`,
      now: '2026-11-24T13:30:00.000Z',
    },
    'reminder-soon': {
      kind: 'reminder-soon',
      seat,
      ticket,
      unsubscribeUrl: `${URL}/api/v1/reminders/unsubscribe?token=${'u'.repeat(54)}`,
      now: '2026-11-25T13:00:00.000Z',
    },
    'delegation-summary': { kind: 'delegation-summary', cafe, programmeUrl, people: delegation },
    'host-list': {
      kind: 'host-list',
      cafe,
      capacity: 12,
      waitlisted: 0,
      doorUrl: `${URL}/host/cafes/${CAFE_ID}`,
      expected,
    },
    thanks: {
      kind: 'thanks',
      kept: {
        name: new TypedText(NAME),
        email: new TypedText(ADDRESS),
        organisation: new TypedText('Ville d’Orvault'),
      },
      keepsOrganisation: true,
      event,
      attended: [
        { label, title },
        { label: 'Café 5', title: other },
      ],
      registrations: 3,
      dataUrl: `${URL}/me/settings`,
    },
  };
  return Object.entries(messages).map(([name, message]) => {
    const proved = !unproved.has(name);
    return { name, to: { name: new TypedText(NAME), address: ADDRESS, proved, locale }, message };
  });
}

/** The samples for a person whose address is not proved. */
const unproved = new Set([
  'sign-in-code',
  'prove-address',
  'prove-address-for-them',
  'prove-address-in-line',
  'prove-address-in-turn',
]);

const expected = [
  person('Fatoumata Camara', 'Ville de Dakar'),
  person('Jean-Baptiste Œuvrard', 'Région Bretagne'),
  { ...person('Lila, venue sans inscription'), proved: false },
  person('ليلى منصور', 'بلدية تونس'),
  person(NAME, 'Ville d’Orvault'),
  person('Nguyễn Thị Hạnh'),
];

function person(name: string, organisation?: string) {
  return {
    name: new TypedText(name),
    ...(organisation && { organisation: new TypedText(organisation) }),
    proved: true,
  };
}

const delegation = [
  { email: new TypedText('fatoumata@example.org'), status: 'confirmed' as const },
  { email: new TypedText('jb@example.org'), status: 'kept' as const },
  { email: new TypedText('leila@example.org'), status: 'waitlisted' as const, position: 1 },
];
