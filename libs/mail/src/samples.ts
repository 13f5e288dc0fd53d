import type { Locale } from '#contract';
import type { CafeFacts, CalendarFacts, MailMessage, SeatFacts } from './message.ts';
import { openTickets } from './tickets.ts';

/** A message to look at: its file name, and what it says. */
export interface Sample {
  name: string;
  message: MailMessage;
}

const URL = 'https://comptoir.example.org';
const REGISTRATION_ID = '019358c1-7e2a-7c31-9a57-2f60c6b01e44';
const CAFE_ID = '019358c0-11f4-7d0e-8a3b-90b1c2d3e4f5';

const texts = {
  fr: {
    label: 'Café 3',
    title: 'Logement social et coopération décentralisée : quelles réponses locales ?',
    other: 'Eau, assainissement et changement climatique',
    event: 'Rencontres de l’action internationale 2026',
  },
  en: {
    label: 'Café 3',
    title: 'Social housing and local cooperation: which answers fit a town?',
    other: 'Water, sanitation and climate change',
    event: 'Meetings of International Action 2026',
  },
};

/** Every message with people and Cafés that there are not, as `npm run mail -- preview` shows them. */
export function sampleMessages(locale: Locale): Sample[] {
  const { label, title, other, event } = texts[locale];
  const cafe: CafeFacts = {
    title,
    label,
    room: 'Salle Étoile 3',
    event,
    startsAt: '2026-11-25T13:30:00.000Z',
    endsAt: '2026-11-25T14:15:00.000Z',
    timeZone: 'Europe/Paris',
  };
  const seat: SeatFacts = { ...cafe, registrationId: REGISTRATION_ID, url: `${URL}/registrations/${REGISTRATION_ID}` };
  const ticket = openTickets('a secret that opens no door at all').ticketFor({
    registrationId: REGISTRATION_ID,
    cafeId: CAFE_ID,
    endsAt: cafe.endsAt,
  });
  const calendar: CalendarFacts = {
    organiser: { name: event, email: 'comptoir@comptoir.example.org' },
    attendee: { name: 'Zoé Lefèvre', email: 'zoe@example.org' },
    sequence: 7,
  };
  const name = 'Zoé';
  const code = '482913';
  const link = `${URL}/sign-in?token=abc`;
  const programmeUrl = `${URL}/`;
  const mine = { name, seat, ticket, calendar };
  const over = { name, seat, calendar, programmeUrl };
  const another = { ...seat, label: 'Café 5', title: other };
  const gaveBack = [{ seat: another, calendar }];
  const before = { startsAt: '2026-11-25T09:00:00.000Z', endsAt: '2026-11-25T09:45:00.000Z', room: 'Salle Longchamp' };
  const messages: Record<string, MailMessage> = {
    'sign-in-code': { kind: 'sign-in-code', code, link },
    'prove-address': { kind: 'prove-address', name, code, link, seat, expiresAt: '2026-11-24T09:12:00.000Z' },
    'prove-address-in-line': { kind: 'prove-address', name, code, link, seat, waitlistPosition: 2 },
    confirmed: { kind: 'confirmed', ...mine },
    'confirmed-for-them': { kind: 'confirmed', ...mine, registeredBy: 'Fatoumata Camara' },
    waitlisted: { kind: 'waitlisted', name, seat, waitlistPosition: 3 },
    offered: { kind: 'offered', name, seat, expiresAt: '2026-11-25T10:40:00.000Z', swaps: [another] },
    'offered-after-a-move': {
      kind: 'offered',
      name,
      seat,
      expiresAt: '2026-11-25T10:40:00.000Z',
      swaps: [another],
      calendar,
      before,
    },
    'moved-up': { kind: 'moved-up', ...mine },
    'offer-expired': { kind: 'offer-expired', name, seat, programmeUrl },
    'line-closed': { kind: 'line-closed', name, seat, programmeUrl },
    swapped: { kind: 'swapped', ...mine, gaveBack },
    cancelled: { kind: 'cancelled', ...over },
    'cancelled-by-organiser': { kind: 'cancelled-by-organiser', ...over, cafeCancelled: true },
    'cancelled-by-organiser-clash': {
      kind: 'cancelled-by-organiser',
      ...over,
      cafeCancelled: false,
      clashesWith: other,
    },
    'capacity-lost': { kind: 'capacity-lost', ...over },
    'seat-released': { kind: 'seat-released', name, seat, programmeUrl },
    'cafe-moved': { kind: 'cafe-moved', ...mine, before },
    'given-back-since': { kind: 'confirmed', name, seat, over: true },
    'reminder-day-before': {
      kind: 'reminder-day-before',
      name,
      seat,
      ticket,
      settingsUrl: `${URL}/me/settings`,
      now: '2026-11-24T13:30:00.000Z',
    },
    'reminder-soon': {
      kind: 'reminder-soon',
      name,
      seat,
      ticket,
      settingsUrl: `${URL}/me/settings`,
      now: '2026-11-25T13:00:00.000Z',
    },
    'delegation-summary': { kind: 'delegation-summary', name, cafe, programmeUrl, people: delegation },
    'host-list': {
      kind: 'host-list',
      name: 'Amina',
      cafe,
      capacity: 12,
      waitlisted: 0,
      doorUrl: `${URL}/host/cafes/${CAFE_ID}`,
      expected,
    },
    thanks: {
      kind: 'thanks',
      name,
      email: 'zoe@example.org',
      organisation: 'Ville d’Orvault',
      event,
      attended: [
        { label, title },
        { label: 'Café 5', title: other },
      ],
      registrations: 3,
      dataUrl: `${URL}/me/settings`,
    },
  };
  return Object.entries(messages).map(([sample, message]) => ({ name: sample, message }));
}

const expected = [
  { name: 'Fatoumata Camara', organisation: 'Ville de Dakar' },
  { name: 'Jean-Baptiste Œuvrard', organisation: 'Région Bretagne' },
  { name: 'ليلى منصور', organisation: 'بلدية تونس' },
  { name: 'Zoé Lefèvre', organisation: 'Ville d’Orvault' },
  { name: 'Nguyễn Thị Hạnh' },
];

const delegation = [
  { email: 'fatoumata@example.org', status: 'confirmed' as const },
  { email: 'jb@example.org', status: 'confirmed' as const },
  { email: 'leila@example.org', status: 'waitlisted' as const, position: 1 },
];
