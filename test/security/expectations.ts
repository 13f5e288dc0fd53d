import type { CallName, clientMessages } from '#contract';
import { type RoleName, roles, type Scene } from './roles.ts';

/** The expected answer: a status, with the code of the problem for problems. */
export type Outcomes = Record<RoleName, string>;

/** A scene, with a registration of its attendee. */
export interface Trial extends Scene {
  registrationId: string;
  role: RoleName;
  email: string;
}

interface Expectation {
  /** The body of the request. The path has the ids of the trial. */
  body?: (trial: Trial) => unknown;
  /** The path, when it is not the one with the ids of the trial, or has a query. */
  path?: (trial: Trial) => string;
  outcomes: Outcomes;
}

const everyone = (outcome: string): Outcomes => Object.fromEntries(roles.map((role) => [role, outcome])) as Outcomes;
const signedIn = (outcome: string): Outcomes => ({ ...everyone(outcome), visitor: '401 not-signed-in' });
const owner = (outcome: string): Outcomes => ({ ...signedIn('404 registration-not-found'), attendee: outcome });
const hosts = (outcome: string, refusal = '403 not-allowed'): Outcomes => ({
  ...signedIn(refusal),
  host: outcome,
  organiser: outcome,
});
const organisers = (outcome: string): Outcomes => ({ ...signedIn('403 not-allowed'), organiser: outcome });

/** The next full hour after the Café. */
const later = { startsAt: '2035-01-01T08:00:00Z', endsAt: '2035-01-01T08:45:00Z' };
const newEvent = {
  title: { fr: 'Rencontres de mai' },
  timeZone: 'Europe/Paris',
  locales: ['fr'],
  startsAt: '2035-05-11T06:00:00Z',
  endsAt: '2035-05-12T16:00:00Z',
};
const newCafe = {
  ...{ kind: 'cafe', language: 'fr', hosts: ['Ville'], capacity: 10, texts: { fr: { title: 'Eau' } } },
  ...later,
};
const guest = ({ email }: Trial) => ({ name: 'Ada Lovelace', email });

/** The expected answer of every call of the API for every role. The compiler requires each call of the table, and no other. */
export const expectations: Record<CallName, Expectation> = {
  'GET /client-config': { outcomes: everyone('200') },
  'GET /openapi.json': { outcomes: everyone('200') },
  'GET /docs/start.js': { outcomes: everyone('200') },
  'GET /docs': { outcomes: everyone('200') },
  'GET /asyncapi.json': { outcomes: everyone('200') },
  'GET /docs/live': { outcomes: everyone('200') },
  'GET /events': { outcomes: everyone('200') },
  'GET /events/{slug}': { outcomes: everyone('200') },
  'GET /events/{slug}/programme.ics': { outcomes: everyone('200') },
  'GET /events/{slug}/schedule.json': { outcomes: everyone('200') },
  'GET /events/{slug}/schedule.xml': { outcomes: everyone('200') },
  'GET /cafes/{id}': { outcomes: everyone('200') },
  'GET /rooms/{id}/seats': { outcomes: everyone('200') },
  'GET /ticket-keys': { outcomes: everyone('200') },
  'POST /sign-in': { body: ({ email }) => ({ email }), outcomes: everyone('202') },
  'POST /sign-in/look': { body: () => ({ token: 'none' }), outcomes: everyone('401 sign-in-invalid') },
  'POST /sign-in/verify': {
    body: ({ email }) => ({ email, code: '000000' }),
    outcomes: everyone('401 sign-in-invalid'),
  },
  'POST /sign-out': { outcomes: everyone('204') },
  'GET /me': { outcomes: signedIn('200') },
  'PATCH /me': { body: () => ({ reminders: false }), outcomes: signedIn('200') },
  'GET /reminders/unsubscribe': { path: () => '/reminders/unsubscribe?token=none', outcomes: everyone('200') },
  'POST /reminders/unsubscribe': {
    path: () => '/reminders/unsubscribe?token=none',
    outcomes: everyone('400 invalid-request'),
  },
  'DELETE /me': { outcomes: signedIn('204') },
  'GET /me/data': { outcomes: signedIn('200') },
  'GET /me/registrations': { outcomes: signedIn('200') },
  'GET /me/undelivered': { outcomes: signedIn('200') },
  'GET /me/calendar-feed': { outcomes: signedIn('200') },
  'POST /me/calendar-feed': { outcomes: signedIn('200') },
  'DELETE /me/calendar-feed': { outcomes: signedIn('204') },
  'GET /me/calendar.ics': {
    path: () => '/me/calendar.ics?token=none',
    outcomes: everyone('404 calendar-feed-not-found'),
  },
  'POST /cafes/{id}/registrations': {
    body: (trial) => (trial.role === 'visitor' ? guest(trial) : {}),
    outcomes: { ...everyone('201'), attendee: '200' },
  },
  'GET /registrations/{id}': { outcomes: owner('200') },
  'POST /registrations/{id}/confirm': { outcomes: owner('200') },
  'DELETE /registrations/{id}': { outcomes: owner('200') },
  'POST /registrations/{id}/accept': { outcomes: owner('409 offer-accepted') },
  'POST /registrations/{id}/decline': { outcomes: owner('409 offer-accepted') },
  'POST /registrations/{id}/swap': {
    body: ({ otherCafeId }) => ({ cafeId: otherCafeId }),
    outcomes: owner('200'),
  },
  'GET /registrations/{id}/receipt': { outcomes: owner('200') },
  'GET /registrations/{id}/ticket': { outcomes: owner('200') },
  'GET /registrations/{id}/ticket.pdf': { outcomes: owner('200') },
  'GET /registrations/{id}/ticket.svg': { outcomes: owner('200') },
  'GET /registrations/{id}/calendar.ics': { outcomes: owner('200') },
  'POST /cafes/{id}/delegations': {
    body: (trial) => ({ mode: 'each', people: [guest(trial)] }),
    outcomes: signedIn('200'),
  },
  'POST /cafes/{id}/delegations/preview': {
    body: ({ email }) => ({ emails: [email] }),
    outcomes: signedIn('200'),
  },
  'GET /cafes/{id}/attendance': { outcomes: hosts('200') },
  'POST /check-ins': {
    body: ({ cafeId, registrationId }) => ({ cafeId, registrationId }),
    outcomes: hosts('200'),
  },
  'DELETE /check-ins/{registrationId}': { outcomes: hosts('200', '404 registration-not-found') },
  'POST /cafes/{id}/walk-ins': { body: guest, outcomes: hosts('200') },
  'POST /cafes/{id}/no-shows': {
    body: ({ registrationId }) => ({ registrationIds: [registrationId] }),
    outcomes: hosts('409 cafe-not-begun'),
  },
  'DELETE /cafes/{id}/no-shows/{releaseId}': { outcomes: hosts('409 undo-over') },
  'DELETE /cafes/{id}/closings/{closingId}': { outcomes: organisers('409 undo-over') },
  'POST /cafes/{id}/move-preview': { body: () => later, outcomes: organisers('200') },
  'POST /cafes/{id}/move': { body: () => later, outcomes: organisers('200') },
  'PATCH /cafes/{id}': { body: () => ({ capacity: 4 }), outcomes: organisers('200') },
  // The body of these two is a file; JSON is none.
  'POST /events/{slug}/imports': {
    path: ({ slug }) => `/events/${slug}/imports?fileName=a.csv`,
    outcomes: organisers('400 invalid-request'),
  },
  'POST /imports': {
    path: () => '/imports?fileName=a.csv',
    // Whoever organises an event may make another one.
    outcomes: {
      ...organisers('400 invalid-request'),
      'organiser of another event': '400 invalid-request',
    },
  },
  'GET /imports/{id}': { outcomes: signedIn('404 import-not-found') },
  'PATCH /imports/{id}': { body: () => ({}), outcomes: signedIn('404 import-not-found') },
  'POST /imports/{id}/apply': { body: () => ({}), outcomes: signedIn('404 import-not-found') },
  'DELETE /imports/{id}': { outcomes: signedIn('404 import-not-found') },
  'GET /events/{id}/dashboard': { outcomes: organisers('200') },
  'GET /organiser/events': { outcomes: signedIn('200') },
  'POST /events': {
    body: () => newEvent,
    outcomes: { ...signedIn('403 not-allowed'), organiser: '201', 'organiser of another event': '201' },
  },
  'GET /events/{slug}/programme': { outcomes: organisers('200') },
  'PATCH /events/{slug}': { body: () => ({ title: { fr: 'Autres rencontres' } }), outcomes: organisers('200') },
  'DELETE /events/{slug}': { outcomes: organisers('409 has-registrations') },
  'POST /events/{slug}/duplicate': { body: () => ({ startsOn: '2034-05-11' }), outcomes: organisers('201') },
  'GET /events/{slug}/publication': { outcomes: organisers('200') },
  'POST /events/{slug}/publication': { body: () => ({}), outcomes: organisers('200') },
  'DELETE /events/{slug}/publication': { outcomes: organisers('409 has-registrations') },
  'GET /events/{slug}/history': { outcomes: organisers('200') },
  'DELETE /events/{slug}/history/{changeId}': { outcomes: organisers('404 change-not-found') },
  'GET /events/{slug}/changes': { outcomes: everyone('200') },
  'POST /events/{slug}/rooms': { body: () => ({ name: 'Salle Seine', capacity: 20 }), outcomes: organisers('201') },
  'PATCH /rooms/{id}': { body: () => ({ name: 'Salle Seine' }), outcomes: organisers('200') },
  'DELETE /rooms/{id}': { outcomes: organisers('409 room-in-use') },
  'POST /events/{slug}/room-order': { body: () => ({ ids: [] }), outcomes: organisers('409 order-incomplete') },
  'POST /events/{slug}/cafes': {
    body: ({ roomId }) => ({ ...newCafe, roomId }),
    outcomes: organisers('422 outside-event'),
  },
  'GET /cafes/{id}/programme': { outcomes: organisers('200') },
  'POST /cafes/{id}/impact': { body: () => ({ capacity: 4 }), outcomes: organisers('200') },
  'POST /cafes/{id}/duplicate': { body: () => ({}), outcomes: organisers('201') },
  'DELETE /cafes/{id}': { outcomes: organisers('409 has-registrations') },
  'POST /events/{slug}/cafe-order': { body: () => ({ ids: [] }), outcomes: organisers('409 order-incomplete') },
  'GET /events/{slug}/undelivered': { outcomes: organisers('200') },
  'POST /events/{slug}/undelivered/{id}/send-again': { outcomes: organisers('404 message-not-found') },
};

interface LiveMessage {
  message: (scene: Scene) => object;
  outcomes: Outcomes;
}

/** The expected answer of every live message for every role: `ok`, or the code of the refusal. */
export const liveMessages: Record<keyof typeof clientMessages, LiveMessage> = {
  'room:watch': { message: ({ roomId }) => ({ roomId }), outcomes: everyone('ok') },
  'room:unwatch': { message: ({ roomId }) => ({ roomId }), outcomes: everyone('ok') },
  'event:watch': { message: ({ eventId }) => ({ eventId }), outcomes: everyone('ok') },
  'event:unwatch': { message: ({ eventId }) => ({ eventId }), outcomes: everyone('ok') },
  'cafe:watch-attendance': {
    message: ({ cafeId }) => ({ cafeId }),
    outcomes: withoutStatus(hosts('ok')),
  },
  'cafe:unwatch-attendance': { message: ({ cafeId }) => ({ cafeId }), outcomes: everyone('ok') },
  'dashboard:watch': {
    message: ({ eventId }) => ({ eventId }),
    outcomes: withoutStatus(organisers('ok')),
  },
  'dashboard:unwatch': { message: ({ eventId }) => ({ eventId }), outcomes: everyone('ok') },
};

function withoutStatus(outcomes: Outcomes): Outcomes {
  return Object.fromEntries(
    Object.entries(outcomes).map(([role, outcome]) => [role, outcome.replace(/^\d+ /, '')]),
  ) as Outcomes;
}
