import { Global, Module, type OnApplicationShutdown, type OnModuleInit, type Provider } from '@nestjs/common';
import { Configuration, Database } from '#platform';
import { AskedCookie } from './asked-cookie.ts';
import { Attendees } from './attendees.ts';
import { CalendarFeeds } from './calendar-feeds.ts';
import { Erasure } from './erasure.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { Identity, identityOf } from './identity.ts';
import { type IdentityParts, openIdentityParts } from './identity-parts.ts';
import { RegistrationLinks } from './registration-links.ts';
import { ReminderLinks } from './reminder-links.ts';
import { Retention } from './retention.ts';
import { Roles } from './roles.ts';
import { ClaimTokens } from './secrets.ts';
import { Sessions } from './sessions.ts';
import { SignIn } from './sign-in.ts';

const PARTS = Symbol('the parts of libs/identity');

/** The class by which each part is injected. A part without a class does not compile. */
const classes: { [Name in keyof IdentityParts]: abstract new (...args: never[]) => IdentityParts[Name] } = {
  attendees: Attendees,
  roles: Roles,
  signIn: SignIn,
  sessions: Sessions,
  calendarFeeds: CalendarFeeds,
  idempotencyKeys: IdempotencyKeys,
  erasure: Erasure,
  retention: Retention,
  askedCookie: AskedCookie,
  claimTokens: ClaimTokens,
  registrationLinks: RegistrationLinks,
  reminderLinks: ReminderLinks,
};

const parts: Provider[] = Object.entries(classes).map(([name, type]) => ({
  provide: type,
  useFactory: (all: IdentityParts) => all[name as keyof IdentityParts],
  inject: [PARTS],
}));

/** Attendees, sign-in, sessions and roles. Follows the sessions that other processes end, and tidies every hour, from boot to shutdown. */
@Global()
@Module({
  providers: [
    {
      provide: PARTS,
      useFactory: (database: Database, { APP_SECRET, PUBLIC_URL }: Configuration) =>
        openIdentityParts({ database, secret: APP_SECRET, publicUrl: PUBLIC_URL }),
      inject: [Database, Configuration],
    },
    ...parts,
    { provide: Identity, useFactory: identityOf, inject: [PARTS] },
  ],
  exports: [...Object.values(classes), Identity],
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
