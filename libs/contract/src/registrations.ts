import * as z from 'zod/mini';
import { Email, Id, Instant, Locale, line, Organisation, PersonName } from './common.ts';
import { MailKind } from './jobs.ts';
import { Me } from './people.ts';
import { PendingChange } from './programme.ts';

/** The statuses that hold a seat are `held`, `offered` and `confirmed`; see docs/glossary.md for each. */
export const RegistrationStatus = z.enum(['held', 'confirmed', 'waitlisted', 'offered', 'cancelled', 'expired']);
export type RegistrationStatus = z.infer<typeof RegistrationStatus>;

/**
 * One person in one Café. `waitlistPosition` (from 1) only while `waitlisted`, `expiresAt` only while `held` or `offered`;
 * `startsAt` and `endsAt` are those of the Café. An answer without a session has no `attendeeId`.
 */
export const Registration = z.object({
  id: Id,
  cafeId: Id,
  eventId: Id,
  attendeeId: z.optional(Id),
  status: RegistrationStatus,
  /** Made without its person's session, and not confirmed by them yet: `held` or `waitlisted`. */
  guest: z.optional(z.boolean()),
  waitlistPosition: z.optional(z.int()),
  expiresAt: z.optional(Instant),
  /** Of a guest who waits although a seat is free: it is theirs in their turn if they prove their address before this. */
  proveBy: z.optional(Instant),
  /** In the answer to a claim without a session: reads this one registration (header `claim-token`). */
  claimToken: z.optional(z.string()),
  checkedInAt: z.optional(Instant),
  /** Beside another seat at that time: an offer that gives the other back when it is accepted, or both kept after a move. */
  overlapping: z.optional(z.boolean()),
  createdAt: Instant,
  startsAt: Instant,
  endsAt: Instant,
});
export type Registration = z.infer<typeof Registration>;

/** The body of a claim by somebody who is not signed in. */
export const GuestClaim = z.strictObject({
  name: PersonName,
  email: Email,
  locale: z.optional(Locale),
  organisation: z.optional(Organisation),
});
export type GuestClaim = z.infer<typeof GuestClaim>;

/** `POST /cafes/{id}/registrations` signed in. */
export const SignedInClaim = z.strictObject({});

/** The most people of one delegation. */
export const DELEGATION_MAX = 20;

/** `POST /cafes/{id}/delegations`: seats for others. `all` of them or none; or `each` as far as there are seats. */
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
 * What became of each person, in the order given. `not-all`: nobody got a seat, because of others of them. `too-many-unproved`: the
 * delegate has as many seats open for people with an unproved address as one delegate may have in an event.
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

/** `POST /cafes/{id}/delegations/preview`: whom it would be for. Nothing is changed, and no mail is sent. */
export const DelegationQuestion = z.strictObject({
  emails: z.array(Email).check(
    z.minLength(1),
    z.maxLength(DELEGATION_MAX),
    z.refine((emails) => new Set(emails).size === emails.length, 'names an address twice'),
  ),
});
export type DelegationQuestion = z.infer<typeof DelegationQuestion>;

/** What stands in each person's way, in the order asked: `existing`, they are in this Café already. */
export const DelegationPreview = z.object({
  people: z.array(z.object({ email: z.string(), outcome: z.enum(['free', 'existing', 'schedule-clash']) })),
});
export type DelegationPreview = z.infer<typeof DelegationPreview>;

/** `POST /registrations/{id}/swap`: the Café to change to. */
export const Swap = z.strictObject({ cafeId: Id });

/** `GET /registrations/{id}/receipt`: how a registration came to be where it is, oldest first. */
export const Receipt = z.object({
  registrationId: Id,
  events: z.array(
    z.object({
      at: Instant,
      /** The Café's version that this made. */
      version: z.int(),
      /** The new status; or `checked-in`, `check-in-undone`, `told`. */
      what: z.string(),
      /** What it came from: `claim`, `line`, `swap`, … (docs/glossary.md). */
      cause: z.string(),
      /** The number drawn when joining the line: lower is earlier. */
      waitlistNumber: z.optional(z.int()),
    }),
  ),
});
export type Receipt = z.infer<typeof Receipt>;

/** `GET /me/data`: everything that is kept of a person, to take away. */
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
 * `POST /cafes/{id}/walk-ins`: somebody who stands at the door. Without `email` each call seats a new person, who gets no ticket and no message;
 * a call that is sent again with its `Idempotency-Key` seats one.
 */
export const WalkIn = z.strictObject({
  name: PersonName,
  email: z.optional(Email),
  organisation: z.optional(Organisation),
});
export type WalkIn = z.infer<typeof WalkIn>;

/** One of a person's own seats that stands in the way of another. */
export const Clash = z.object({
  registrationId: Id,
  cafeId: Id,
  title: z.string(),
  startsAt: Instant,
  endsAt: Instant,
});
export type Clash = z.infer<typeof Clash>;

/** One line of a host's list. */
export const AttendancePerson = z.object({
  registrationId: Id,
  name: z.string(),
  organisation: z.optional(z.string()),
  status: RegistrationStatus,
  checkedInAt: z.optional(Instant),
  /** Their address is not proved for this seat or place in line. */
  guest: z.optional(z.boolean()),
  /** A walk-in without an address: undoing the check-in gives the seat back. */
  noAddress: z.optional(z.boolean()),
  /** Of a guest whom a delegate registered: the delegate's address. */
  registeredBy: z.optional(z.string()),
});
export type AttendancePerson = z.infer<typeof AttendancePerson>;

/** The most seats that one release may name. */
export const RELEASED_MAX = 200;

/** `POST /cafes/{id}/no-shows`: the absent people whose seats go to the waitlist. */
export const NoShows = z.strictObject({
  registrationIds: z.array(Id).check(
    z.minLength(1),
    z.maxLength(RELEASED_MAX),
    z.refine((ids) => new Set(ids).size === ids.length, 'names a registration twice'),
  ),
});
export type NoShows = z.infer<typeof NoShows>;

/** A pending release of the seats of these registrations. */
export const NoShowRelease = z.object({ ...PendingChange.shape, registrationIds: z.array(Id) });
export type NoShowRelease = z.infer<typeof NoShowRelease>;

/** `GET /cafes/{id}/attendance` and the push `cafe:attendance`: seats first in order of name, then the line in its order. */
export const Attendance = z.object({
  cafeId: Id,
  version: z.int(),
  capacity: z.int(),
  expected: z.int(),
  present: z.int(),
  waitlisted: z.int(),
  /** From when on the seats of absent people may be released. */
  releasableFrom: Instant,
  /** The releases that can still be undone. */
  releases: z.array(NoShowRelease),
  people: z.array(AttendancePerson),
});
export type Attendance = z.infer<typeof Attendance>;

/** What a device may say of a check-in. */
const scan = {
  /** When the person came, by the clock of the device; default: now. A time before the registration or after now is corrected to these. */
  scannedAt: z.optional(Instant),
  /** A new UUID for each check-in. A check-in that is sent again with it is recorded once, and answered as the first time. */
  clientId: z.optional(Id),
  /** A name of the device, for the record. */
  device: z.optional(line(80)),
  /** How the door learned who came; default: `scan` with a ticket, else `list`. */
  source: z.optional(z.enum(['scan', 'list'])),
};

/**
 * `POST /check-ins`: by the text of a ticket's QR code, whatever it says, or by the registration's id. With `todayOnly` a ticket of a Café on
 * another day is answered `other-day`, and not recorded.
 */
export const CheckIn = z.union([
  z.strictObject({ ticket: z.string().check(z.minLength(1)), cafeId: Id, todayOnly: z.optional(z.boolean()), ...scan }),
  z.strictObject({ registrationId: Id, cafeId: Id, ...scan }),
]);
export type CheckIn = z.infer<typeof CheckIn>;

/** What a check-in comes to. */
const checkInResults = ['checked-in', 'already-checked-in', 'wrong-cafe', 'not-confirmed'] as const;
export const CheckInResult = z.enum(checkInResults);
export type CheckInResult = z.infer<typeof CheckInResult>;

/**
 * What the door learns: the result, whose it is, and when they came. `other-day`: the ticket is good, its Café is on another day, and the
 * call was `todayOnly`: nothing was recorded.
 */
export const CheckInAnswer = z.object({
  result: z.enum([...checkInResults, 'other-day']),
  registration: Registration,
  person: z.optional(AttendancePerson),
});
export type CheckInAnswer = z.infer<typeof CheckInAnswer>;
