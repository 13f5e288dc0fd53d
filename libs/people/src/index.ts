/** Attendees, roles and sign-in. Owner of the tables attendee, role_grant, role_change, sign_in_challenge, session_revocation, idempotency_key. */
export { CHALLENGE_TTL_MINUTES, type Challenge } from './challenges.ts';
export type { Answer, RepeatableRequest } from './idempotency.ts';
export { openPeople, type People, type PeopleOptions, type Person } from './people.ts';
export type { RoleHolder } from './roles.ts';
export { SESSION_COOKIE, SESSION_TTL_DAYS, type Session } from './sessions.ts';
