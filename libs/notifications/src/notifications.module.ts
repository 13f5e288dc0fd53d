import { Global, Module } from '@nestjs/common';
import { Database } from '#platform';
import { Outbox, openOutbox } from './outbox.ts';

/** The status of messages, for apps that send none. The worker sends them and binds the rest of this lib in its own modules. */
@Global()
@Module({
  providers: [{ provide: Outbox, useFactory: (database: Database) => openOutbox({ database }), inject: [Database] }],
  exports: [Outbox],
})
export class NotificationsModule {}
