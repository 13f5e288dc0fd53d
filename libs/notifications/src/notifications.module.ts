import { Global, Module } from '@nestjs/common';
import { Database } from '#platform';
import { Outbox, openOutbox } from './outbox.ts';

/** Provides the status of messages to apps that send none. The worker sends them, and provides the other classes in its own modules. */
@Global()
@Module({
  providers: [{ provide: Outbox, useFactory: (database: Database) => openOutbox({ database }), inject: [Database] }],
  exports: [Outbox],
})
export class NotificationsModule {}
