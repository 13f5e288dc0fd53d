import * as z from 'zod/mini';
import { Email, Id, Instant, Locale, line, Organisation, PersonName } from './common.ts';
import { MailKind } from './jobs.ts';
import { Me } from './people.ts';
import { PendingChange, Reason } from './programme.ts';

/** The status of a registration (docs/glossary.md). `held`, `offered` and `confirmed` take a seat. */
export const RegistrationStatus = z.enum(['held', 'confirmed', 'waitlisted', 'offered', 'cancelled', 'expired']);
export type RegistrationStatus = z.infer<typeof RegistrationStatus>;

/**
 * One person in one Café. `waitlistPosition` (from 1) is present only while `waitlisted`, `expiresAt` only while `held` or `offered`. `startsAt`
 * and `endsAt` are the times of the Café. An answer without a session has no `attendeeId`.
 */
export const Registration = z.object({
  id: Id,
  cafeId: Id,
  eventId: Id,
  attendeeId: z.optional(Id),
  status: RegistrationStatus,
  /** A guest registration: made without a session of its attendee, who has not confirmed it yet. It is `held` or `waitlisted`. */
  guest: z.optional(z.boolean()),
  waitlistPosition: z.optional(z.int()),
  expiresAt: z.optional(Instant),
  /** The time until which a guest who waits although a seat is free can prove the address to get that seat. */
  proveBy: z.optional(Instant),
  /** In the answer to a claim without a session: gives access to this registration (header `claim-token`). */
  claimToken: z.optional(z.string()),
  checkedInAt: z.optional(Instant),
  /** The person has another seat at that time: this is an offer to swap, or both seats were kept after a move. */
  overlapping: z.optional(z.boolean()),
  createdAt: Instant,
  startsAt: Instant,
  endsAt: Instant,
});
export type Registration = z.infer<typeof Registration>;

/** `POST /cafes/{id}/registrations` without a session. */
export const GuestClaim = z.strictObject({
  name: PersonName,
  email: Email,
  locale: z.optional(Locale),
  organisation: z.optional(Organisation),
});
export type GuestClaim = z.infer<typeof GuestClaim>;

/** `POST /cafes/{id}/registrations` with a session. */
export const SignedInClaim = z.strictObject({});

/** The most people of one delegation. */
export const DELEGATION_MAX = 20;

/** `POST /cafes/{id}/delegations`: seats for several people. `all`: a seat for all of them or for none. `each`: as many as there are seats. */
export const Delegation = z.strictObject({
  mode: z.enum(['all', 'each']),
  people: z.array(GuestClaim).check(
    z.minLength(1),
    z.maxLength(DELEGATION_MAX),
    z.refine((people) => new Set(people.map(({ email }) => email)).size === people.length, 'names an address twice'),
  ),
});
export type Delegation = z.infer<typeof Delegation>;

/**
 * The outcome for each person, in the order of the request. `not-all`: the mode is `all`, and another person could not get a seat.
 * `too-many-unproved`: the delegate has reached the limit of seats for people with an unproved address in one event.
 */
export const DelegationAnswer = z.object({
  people: z.array(
    z.object({
      email: z.string(),
      outcome: z.enum(['created', 'existing', 'schedule-clash', 'not-all', 'cafe-full', 'too-many-unproved']),
      registration: z.optional(Registration),
    }),
  ),
});
export type DelegationAnswer = z.infer<typeof DelegationAnswer>;

/** `POST /cafes/{id}/delegations/preview`: the addresses of a possible delegation. Nothing is changed, and no mail is sent. */
export const DelegationPreviewRequest = z.strictObject({
  emails: z.array(Email).check(
    z.minLength(1),
    z.maxLength(DELEGATION_MAX),
    z.refine((emails) => new Set(emails).size === emails.length, 'names an address twice'),
  ),
});
export type DelegationPreviewRequest = z.infer<typeof DelegationPreviewRequest>;

/** Whether each person could get a seat, in the order of the request. `existing`: the person is registered in this Café already. */
export const DelegationPreview = z.object({
  people: z.array(z.object({ email: z.string(), outcome: z.enum(['free', 'existing', 'schedule-clash']) })),
});
export type DelegationPreview = z.infer<typeof DelegationPreview>;

/** `POST /registrations/{id}/swap`: the Café of the new seat. */
export const Swap = z.strictObject({ cafeId: Id });

/** `GET /registrations/{id}/receipt`: the history of a registration, oldest first. */
export const Receipt = z.object({
  registrationId: Id,
  events: z.array(
    z.object({
      at: Instant,
      /** The Café's version after this change. */
      version: z.int(),
      /** The new status; or `checked-in`, `check-in-undone`, `told`. */
      what: z.string(),
      /** The cause of the change: `claim`, `line`, `swap`, … (docs/glossary.md). */
      cause: z.string(),
      /** The number that the person got when they joined the waitlist: lower is earlier. */
      waitlistNumber: z.optional(z.int()),
    }),
  ),
});
export type Receipt = z.infer<typeof Receipt>;

/** `GET /me/data`: all stored data of an attendee. */
export const MyData = z.object({
  exportedAt: Instant,
  person: z.object({ ...Me.shape, createdAt: Instant, emailProvedAt: z.optional(Instant) }),
  registrations: z.array(z.object({ ...Registration.shape, cafe: z.string(), events: Receipt.shape.events })),
  messages: z.array(
    z.object({ kind: MailKind, status: z.enum(['queued', 'sent', 'deferred', 'bounced']), at: Instant }),
  ),
});
export type MyData = z.infer<typeof MyData>;

/**
 * `POST /cafes/{id}/walk-ins`: a person who gets a seat at the door. Without `email`, each call seats a new person, who gets no ticket and no
 * message; a repeated call with the same `Idempotency-Key` seats one person.
 */
export const WalkIn = z.strictObject({
  name: PersonName,
  email: z.optional(Email),
  organisation: z.optional(Organisation),
});
export type WalkIn = z.infer<typeof WalkIn>;

/** A seat of the person that overlaps the claimed one. */
export const Clash = z.object({
  registrationId: Id,
  cafeId: Id,
  title: z.string(),
  startsAt: Instant,
  endsAt: Instant,
});
export type Clash = z.infer<typeof Clash>;

/** One person of an attendance list. */
export const AttendancePerson = z.object({
  registrationId: Id,
  name: z.string(),
  organisation: z.optional(z.string()),
  status: RegistrationStatus,
  checkedInAt: z.optional(Instant),
  /** A guest registration: the address is not proved for this seat or place in the waitlist. */
  guest: z.optional(z.boolean()),
  /** A walk-in without an address. Undoing the check-in gives the seat back. */
  noAddress: z.optional(z.boolean()),
  /** The address of the delegate who registered the guest. */
  registeredBy: z.optional(z.string()),
});
export type AttendancePerson = z.infer<typeof AttendancePerson>;

/** The most seats of one release. */
export const RELEASED_MAX = 200;

/** `POST /cafes/{id}/no-shows`: the registrations of no-shows whose seats go to the waitlist. */
export const NoShows = z.strictObject({
  registrationIds: z.array(Id).check(
    z.minLength(1),
    z.maxLength(RELEASED_MAX),
    z.refine((ids) => new Set(ids).size === ids.length, 'names a registration twice'),
  ),
  reason: z.optional(Reason),
});
export type NoShows = z.infer<typeof NoShows>;

/** A pending release of the seats of these registrations. */
export const NoShowRelease = z.object({ ...PendingChange.shape, registrationIds: z.array(Id) });
export type NoShowRelease = z.infer<typeof NoShowRelease>;

/** `GET /cafes/{id}/attendance` and the push `cafe:attendance`. `people`: those with a seat by name, then the waitlist in its order. */
export const Attendance = z.object({
  cafeId: Id,
  version: z.int(),
  capacity: z.int(),
  expected: z.int(),
  present: z.int(),
  waitlisted: z.int(),
  /** The time from which on the seats of no-shows can be released. */
  releasableFrom: Instant,
  /** The releases that can still be undone. */
  releases: z.array(NoShowRelease),
  people: z.array(AttendancePerson),
});
export type Attendance = z.infer<typeof Attendance>;

/** The optional members of a check-in. */
const checkInMembers = {
  /** When the person came, by the clock of the device; default: now. A time before the registration or after now is set to that limit. */
  scannedAt: z.optional(Instant),
  /** A new UUID for each check-in. A check-in that is sent again with the same id is recorded once, and gets the same answer. */
  clientId: z.optional(Id),
  /** A name of the device, for the record. */
  device: z.optional(line(80)),
  /** How the host identified the person; default: `scan` with a ticket, else `list`. */
  source: z.optional(z.enum(['scan', 'list'])),
};

/**
 * `POST /check-ins`: by the text of any QR code, or by the registration's id. With `todayOnly`, a ticket of a Café on another day gets the
 * result `other-day` and is not recorded.
 */
export const CheckIn = z.union([
  z.strictObject({
    ticket: z.string().check(z.minLength(1)),
    cafeId: Id,
    todayOnly: z.optional(z.boolean()),
    ...checkInMembers,
  }),
  z.strictObject({ registrationId: Id, cafeId: Id, ...checkInMembers }),
]);
export type CheckIn = z.infer<typeof CheckIn>;

/** The results of a check-in. */
const checkInResults = ['checked-in', 'already-checked-in', 'wrong-cafe', 'not-confirmed'] as const;
export const CheckInResult = z.enum(checkInResults);
export type CheckInResult = z.infer<typeof CheckInResult>;

/**
 * The answer to a check-in: the result, the registration and its person. `other-day`: the call was `todayOnly`, and the Café of the valid ticket
 * is on another day; nothing was recorded.
 */
export const CheckInAnswer = z.object({
  result: z.enum([...checkInResults, 'other-day']),
  registration: Registration,
  person: z.optional(AttendancePerson),
});
export type CheckInAnswer = z.infer<typeof CheckInAnswer>;
