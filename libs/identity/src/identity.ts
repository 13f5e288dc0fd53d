import type { GuestClaim, Locale, Me, MeChange, Role } from '#contract';
import type { AskedCookie } from './asked-cookie.ts';
import type { Attendee } from './attendees.ts';
import type { CalendarFeeds } from './calendar-feeds.ts';
import type { Challenge, MailAgain } from './challenges.ts';
import type { Answer, RepeatableRequest } from './idempotency-keys.ts';
import { type IdentityOptions, type IdentityParts, openIdentityParts } from './identity-parts.ts';
import type { RegistrationLinks } from './registration-links.ts';
import type { RoleHolder } from './roles.ts';
import type { ClaimTokens } from './secrets.ts';
import type { Session } from './sessions.ts';
import type { FromBrowser, SignInAnswer, Verified } from './sign-in.ts';

/** All parts of the lib behind one face, until every caller asks for the parts that it uses. Each method is that of the part. */
export abstract class Identity {
  abstract me(attendeeId: string): Promise<Me | undefined>;
  abstract changeMe(attendeeId: string, change: MeChange): Promise<Me>;
  abstract datesOf(attendeeId: string): Promise<{ createdAt: string; emailProvedAt?: string } | undefined>;
  abstract erase(attendeeId: string): Promise<boolean>;

  abstract askSignIn(request: {
    email: string;
    locale?: Locale;
    asked?: string;
    token?: string;
    later?: boolean;
  }): Promise<{ asked?: string; again?: MailAgain }>;
  abstract verify(answer: SignInAnswer, browser?: FromBrowser): Promise<Verified | undefined>;
  abstract look(token: string, browser?: FromBrowser): Promise<boolean>;
  abstract consume(verified: Verified): Promise<boolean>;
  abstract challenge(challengeId: string): Promise<Challenge | undefined>;
  abstract challengeFor(mail: { attendeeId: string; registrationId?: string; until?: string }): Promise<string>;
  abstract signInCode(challengeId: string): Promise<string>;
  abstract signInLink(challengeId: string, next?: string): string;
  abstract createSignInLink(
    email: string,
    options: { ttlHours: number; next?: string; name?: string },
  ): Promise<string>;
  abstract asked: AskedCookie;
  abstract claimTokens: ClaimTokens;
  abstract registrationLinks: RegistrationLinks;
  abstract hashOf(email: string): string;

  abstract guest(guest: GuestClaim, by?: { laterMails: boolean }): Promise<{ attendeeId: string }>;
  abstract named(guest: GuestClaim): Promise<string>;
  abstract attendeeOf(email: string): Promise<Attendee | undefined>;
  abstract personOf(attendeeId: string): Promise<Attendee | undefined>;
  abstract namesOf(attendeeIds: string[]): Promise<Map<string, Attendee>>;
  abstract attendeeFor(email: string): Promise<string>;

  abstract grantRole(attendeeId: string, role: Role, changedBy?: string): Promise<void>;
  abstract grantRoleOnce(attendeeId: string, role: Role): Promise<void>;
  abstract revokeRole(attendeeId: string, role: Role, changedBy?: string): Promise<boolean>;
  abstract rolesOf(attendeeId: string): Promise<Role[]>;
  abstract rolesIn(eventId: string): Promise<RoleHolder[]>;

  abstract openSession(attendeeId: string): { cookie: string; expiresAt: Date };
  abstract readSession(cookie: string | undefined): Session | undefined;
  abstract endSession(sessionId: string): Promise<void>;
  abstract endSessions(attendeeId: string): Promise<void>;

  abstract calendarFeeds: CalendarFeeds;
  abstract once(request: RepeatableRequest, run: () => Promise<Answer>): Promise<Answer>;

  abstract tidy(): Promise<void>;
  /** Follows the sessions that are ended elsewhere, and tidies every hour. Never rejects: a database may be away. */
  abstract start(): Promise<void>;
  abstract close(): void;
}

/** @see openIdentityParts */
export function openIdentity(options: IdentityOptions): Identity {
  return identityOf(openIdentityParts(options));
}

export function identityOf(parts: IdentityParts): Identity {
  const { attendees, signIn, roles, sessions, erasure, retention, idempotencyKeys } = parts;
  return {
    me: (attendeeId) => attendees.profileOf(attendeeId),
    changeMe: (attendeeId, change) => attendees.updateProfile(attendeeId, change),
    datesOf: (attendeeId) => attendees.datesOf(attendeeId),
    erase: (attendeeId) => erasure.erase(attendeeId),
    askSignIn: (request) => signIn.ask(request),
    verify: (answer, browser) => signIn.verify(answer, browser),
    look: async (token, browser) => (await signIn.readLink(token, browser)) !== undefined,
    consume: (verified) => signIn.consume(verified),
    challenge: (challengeId) => signIn.findChallenge(challengeId),
    challengeFor: (mail) => signIn.challengeForMail(mail),
    signInCode: (challengeId) => signIn.codeOf(challengeId),
    signInLink: (challengeId, next) => signIn.linkOf(challengeId, next),
    createSignInLink: (email, given) => signIn.createOperatorLink(email, given),
    asked: parts.askedCookie,
    claimTokens: parts.claimTokens,
    registrationLinks: parts.registrationLinks,
    hashOf: (email) => signIn.hashOf(email),
    guest: async (guest, by) => ({ attendeeId: await attendees.upsertByEmail(guest, by) }),
    named: (guest) => attendees.upsertByEmail(guest),
    attendeeOf: (email) => attendees.findByEmail(email),
    personOf: (attendeeId) => attendees.findById(attendeeId),
    namesOf: (attendeeIds) => attendees.findByIds(attendeeIds),
    attendeeFor: (email) => attendees.ensureByEmail(email),
    grantRole: (attendeeId, role, changedBy) => roles.grant(attendeeId, role, changedBy),
    grantRoleOnce: (attendeeId, role) => roles.grantOnce(attendeeId, role),
    revokeRole: (attendeeId, role, changedBy) => roles.revoke(attendeeId, role, changedBy),
    rolesOf: (attendeeId) => roles.of(attendeeId),
    rolesIn: (eventId) => roles.in(eventId),
    openSession: (attendeeId) => sessions.open(attendeeId),
    readSession: (cookie) => sessions.read(cookie),
    endSession: (sessionId) => sessions.end(sessionId),
    endSessions: (attendeeId) => sessions.endAll(attendeeId),
    calendarFeeds: parts.calendarFeeds,
    once: (request, run) => idempotencyKeys.answerOnce(request, run),
    tidy: () => retention.run(),
    async start() {
      retention.start();
      await sessions.follow();
    },
    close() {
      retention.close();
      sessions.close();
    },
  };
}
