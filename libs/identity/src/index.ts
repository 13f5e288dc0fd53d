/**
 * Attendees, roles and sign-in. Owner of the tables attendee, role_grant, sign_in_challenge, sign_in_mails, code_tries, session_revocation,
 * idempotency_key.
 */
export { ASKED_COOKIE, ASKED_TTL_DAYS, AskedCookie } from './asked-cookie.ts';
export { type Attendee, type Attendee as Person, Attendees } from './attendees.ts';
export { CalendarFeeds } from './calendar-feeds.ts';
export { CHALLENGE_TTL_MINUTES, type Challenge, Challenges } from './challenges.ts';
export { CodeTries } from './code-tries.ts';
export { Erasure } from './erasure.ts';
export { type Answer, IdempotencyKeys, type RepeatableRequest } from './idempotency-keys.ts';
export { RegistrationLinks } from './registration-links.ts';
export { ReminderLinks } from './reminder-links.ts';
export { Retention } from './retention.ts';
export { type RoleHolder, Roles } from './roles.ts';
export { ClaimTokens } from './secrets.ts';
export { SESSION_COOKIE, SESSION_TTL_DAYS, type Session, Sessions } from './sessions.ts';
export { CodeRequired, SignIn } from './sign-in.ts';
export { SignInMails } from './sign-in-mails.ts';
