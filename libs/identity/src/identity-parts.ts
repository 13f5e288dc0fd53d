import type { Database } from '#platform';
import { AskedCookie } from './asked-cookie.ts';
import { Attendees } from './attendees.ts';
import { CalendarFeeds } from './calendar-feeds.ts';
import { Challenges } from './challenges.ts';
import { CodeTries } from './code-tries.ts';
import { Erasure } from './erasure.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { RegistrationLinks } from './registration-links.ts';
import { ReminderLinks } from './reminder-links.ts';
import { Retention } from './retention.ts';
import { Roles } from './roles.ts';
import { ClaimTokens } from './secrets.ts';
import { Sessions } from './sessions.ts';
import { SignIn } from './sign-in.ts';

export interface IdentityOptions {
  database: Database;
  /** The secret of the installation (`APP_SECRET`), from which every key is derived. */
  secret: string;
  /** The address of the pages, without a slash at the end: links start with it. */
  publicUrl: string;
}

/** What this lib offers, each with the few things that it uses. Nest gives out the same by class (identity.module.ts). */
export interface IdentityParts {
  attendees: Attendees;
  roles: Roles;
  signIn: SignIn;
  sessions: Sessions;
  calendarFeeds: CalendarFeeds;
  idempotencyKeys: IdempotencyKeys;
  erasure: Erasure;
  retention: Retention;
  askedCookie: AskedCookie;
  claimTokens: ClaimTokens;
  registrationLinks: RegistrationLinks;
  reminderLinks: ReminderLinks;
}

/** Makes the parts. Nothing is read or written, and no timer runs, until `sessions.follow()` and `retention.start()`. */
export function openIdentityParts({ database, secret, publicUrl }: IdentityOptions): IdentityParts {
  const roles = new Roles(database);
  const attendees = new Attendees(database, roles);
  const sessions = new Sessions(database, secret);
  const tries = new CodeTries(database, secret);
  const askedCookie = new AskedCookie(secret);
  const claimTokens = new ClaimTokens(secret);
  const challenges = new Challenges(database, secret);
  return {
    attendees,
    roles,
    signIn: new SignIn({ secret, publicUrl, attendees, challenges, tries, askedCookie, claimTokens }),
    sessions,
    calendarFeeds: new CalendarFeeds(database, secret),
    idempotencyKeys: new IdempotencyKeys(database),
    erasure: new Erasure(database, attendees, sessions),
    retention: new Retention(database),
    askedCookie,
    claimTokens,
    registrationLinks: new RegistrationLinks(secret, tries),
    reminderLinks: new ReminderLinks(database, { secret, publicUrl }),
  };
}
