import { Global, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { AuditLog } from '#audit-log';
import { AuditLogModule } from '#audit-log/module';
import { Configuration, Database, providerOf } from '#platform';
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
import { SignInMails } from './sign-in-mails.ts';

const subjects = [
  providerOf(Attendees, Database, Roles),
  providerOf(Roles, Database, AuditLog),
  providerOf(SignIn, Attendees, Challenges, CodeTries, AskedCookie, ClaimTokens, Configuration),
  providerOf(SignInMails, Attendees, Challenges, Configuration),
  providerOf(Sessions, Database, Configuration),
  providerOf(CalendarFeeds, Database, Configuration),
  providerOf(IdempotencyKeys, Database),
  providerOf(Erasure, Database, Attendees, Sessions),
  providerOf(AskedCookie, Configuration),
  providerOf(ClaimTokens, Configuration),
  providerOf(RegistrationLinks, Configuration, CodeTries),
  providerOf(ReminderLinks, Database, Configuration),
];

/**
 * Attendees, sign-in, sessions and roles. From boot to shutdown it reads the sessions that other processes end, and deletes expired rows
 * every hour.
 */
@Global()
@Module({
  imports: [AuditLogModule],
  providers: [
    providerOf(Challenges, Database, Configuration),
    providerOf(CodeTries, Database, Configuration),
    providerOf(Retention, Database),
    ...subjects,
  ],
  exports: subjects.map(({ provide }) => provide),
})
export class IdentityModule implements OnModuleInit, OnApplicationShutdown {
  readonly #sessions: Sessions;
  readonly #retention: Retention;

  constructor(sessions: Sessions, retention: Retention) {
    this.#sessions = sessions;
    this.#retention = retention;
  }

  async onModuleInit(): Promise<void> {
    this.#retention.start();
    await this.#sessions.follow();
  }

  onApplicationShutdown(): void {
    this.#retention.close();
    this.#sessions.close();
  }
}
