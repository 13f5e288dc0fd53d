/**
 * Attendees, roles and sign-in. Owner of the tables attendee, role_grant, role_change, sign_in_challenge, sign_in_mails, code_tries, session_revocation,
 * idempotency_key.
 */
export { ASKED_COOKIE, ASKED_TTL_DAYS } from './asked-cookie.ts';
export { CHALLENGE_TTL_MINUTES, type Challenge } from './challenges.ts';
export type { Answer, RepeatableRequest } from './idempotency.ts';
export { CodeRequired, Identity, type IdentityOptions, openIdentity, type Person } from './identity.ts';
export type { RoleHolder } from './roles.ts';
export { SESSION_COOKIE, SESSION_TTL_DAYS, type Session } from './sessions.ts';
