import { CafeSeats } from '../programme.ts';
import { Attendance, CheckIn, CheckInAnswer, NoShowRelease, NoShows, Registration, WalkIn } from '../registrations.ts';
import { TicketKeys } from '../tickets.ts';
import { type CallTable, everybody, hostOfCafe } from './call.ts';

export const doorCalls = {
  'GET /ticket-keys': {
    tag: 'door',
    summary: 'The public keys that verify tickets without a call',
    access: everybody,
    answers: { 200: TicketKeys },
    cacheSeconds: 300,
  },
  'GET /cafes/{id}/attendance': {
    tag: 'door',
    summary: 'Who is expected and who came',
    access: hostOfCafe,
    answers: { 200: Attendance },
  },
  'POST /check-ins': {
    tag: 'door',
    summary: 'Check a person in by ticket or registration',
    access: { who: 'host', of: 'cafe-of-body' },
    body: CheckIn,
    answers: { 200: CheckInAnswer },
    problems: ['registration-not-found', 'ticket-invalid'],
    repeatable: 'answer',
  },
  'DELETE /check-ins/{registrationId}': {
    tag: 'door',
    summary: 'Undo a check-in',
    access: { who: 'host', of: 'cafe-of-registration' },
    answers: { 200: Registration },
  },
  'POST /cafes/{id}/walk-ins': {
    tag: 'door',
    summary: 'Give a walk-in a seat, and check them in',
    access: hostOfCafe,
    body: WalkIn,
    answers: { 200: CheckInAnswer },
    problems: ['cafe-not-open', 'cafe-full', 'schedule-clash', 'address-not-deliverable', 'busy'],
    repeatable: 'answer',
    localised: true,
  },
  'POST /cafes/{id}/no-shows': {
    tag: 'door',
    summary: 'Release the seats of these no-shows to the waitlist after ten seconds',
    access: hostOfCafe,
    body: NoShows,
    answers: { 200: NoShowRelease },
    problems: ['cafe-not-begun', 'grace-period', 'not-absent', 'more-than-wait'],
  },
  'DELETE /cafes/{id}/no-shows/{releaseId}': {
    tag: 'door',
    summary: 'Undo a release of seats within ten seconds',
    access: hostOfCafe,
    answers: { 200: CafeSeats },
    problems: ['undo-over'],
  },
} as const satisfies CallTable;
