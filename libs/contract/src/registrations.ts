import * as z from 'zod/mini';
import { Email, Id, Instant, Locale, line } from './common.ts';

/** The statuses that hold a seat are `held`, `offered` and `confirmed`; see docs/glossary.md for each. */
export const RegistrationStatus = z.enum(['held', 'confirmed', 'waitlisted', 'offered', 'cancelled', 'expired']);
export type RegistrationStatus = z.infer<typeof RegistrationStatus>;

/**
 * One person in one Café. `waitlistPosition` (from 1) only while `waitlisted`, `expiresAt` only while `held` or `offered`;
 * `startsAt` and `endsAt` are those of the Café.
 */
export const Registration = z.object({
  id: Id,
  cafeId: Id,
  eventId: Id,
  attendeeId: Id,
  status: RegistrationStatus,
  waitlistPosition: z.optional(z.int()),
  expiresAt: z.optional(Instant),
  checkedInAt: z.optional(Instant),
  createdAt: Instant,
  startsAt: Instant,
  endsAt: Instant,
});
export type Registration = z.infer<typeof Registration>;

/** The body of a claim by somebody who is not signed in. */
export const GuestClaim = z.strictObject({
  name: line(120),
  email: Email,
  locale: z.optional(Locale),
  organisation: z.optional(line(160)),
});
export type GuestClaim = z.infer<typeof GuestClaim>;

/** `POST /cafes/{id}/registrations` signed in. */
export const SignedInClaim = z.strictObject({});

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
});
export type AttendancePerson = z.infer<typeof AttendancePerson>;

/** `GET /cafes/{id}/attendance` and the push `cafe:attendance`: seats first in order of name, then the line in its order. */
export const Attendance = z.object({
  cafeId: Id,
  version: z.int(),
  capacity: z.int(),
  expected: z.int(),
  present: z.int(),
  waitlisted: z.int(),
  people: z.array(AttendancePerson),
});
export type Attendance = z.infer<typeof Attendance>;

/** `POST /check-ins`: by the text of a ticket's QR code, or by the registration's id. */
export const CheckIn = z.union([
  z.strictObject({ ticket: z.string().check(z.minLength(1), z.maxLength(512)), cafeId: Id }),
  z.strictObject({ registrationId: Id, cafeId: Id }),
]);
export type CheckIn = z.infer<typeof CheckIn>;

export const CheckInResult = z.enum(['checked-in', 'already-checked-in', 'wrong-cafe', 'not-confirmed']);
export type CheckInResult = z.infer<typeof CheckInResult>;

/** What the door learns: the result, whose it is, and when they came. */
export const CheckInAnswer = z.object({
  result: CheckInResult,
  registration: Registration,
  person: z.optional(AttendancePerson),
});
export type CheckInAnswer = z.infer<typeof CheckInAnswer>;
