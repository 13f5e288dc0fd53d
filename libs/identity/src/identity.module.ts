import { Global, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Configuration, Database } from '#platform';
import { Identity, openIdentity } from './identity.ts';

/** Attendees, sign-in, sessions and roles. Follows the sessions that other processes end, from boot to shutdown. */
@Global()
@Module({
  providers: [
    {
      provide: Identity,
      useFactory: (database: Database, { APP_SECRET, PUBLIC_URL }: Configuration) =>
        openIdentity({ database, secret: APP_SECRET, publicUrl: PUBLIC_URL }),
      inject: [Database, Configuration],
    },
  ],
  exports: [Identity],
})
export class IdentityModule implements OnModuleInit, OnApplicationShutdown {
  readonly #identity: Identity;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  async onModuleInit(): Promise<void> {
    await this.#identity.start();
  }

  onApplicationShutdown(): void {
    this.#identity.close();
  }
}
