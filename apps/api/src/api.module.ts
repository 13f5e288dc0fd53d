import { type DynamicModule, Global, Module, type OnModuleInit } from '@nestjs/common';
import { IdentityModule } from '#identity/module';
import { CountsReader, SeatFeed } from '#live';
import { LiveModule } from '#live/module';
import { NotificationsModule } from '#notifications/module';
import { AppLogger, Configuration, Metrics } from '#platform';
import { PlatformModule } from '#platform/module';
import { ProgrammeModule } from '#programme/module';
import { addSeatMetrics, CountReads, SeatPublisher } from '#seats';
import { SeatsModule } from '#seats/module';
import { TicketsModule } from '#tickets/module';
import { DocsModule } from './docs/docs.module.ts';
import { DoorModule } from './door/door.module.ts';
import { EditingModule } from './editing/editing.module.ts';
import { HttpModule } from './http/http.module.ts';
import { IdentityApiModule } from './identity/identity-api.module.ts';
import { ImportingModule } from './importing/importing.module.ts';
import { MessagesModule } from './messages/messages.module.ts';
import { OrganiserModule } from './organiser/organiser.module.ts';
import { ProgrammeAnswers } from './programme/programme-answers.ts';
import { ProgrammeApiModule } from './programme/programme-api.module.ts';
import { RegistrationsModule } from './registrations/registrations.module.ts';

/** Provides the classes of other libs for the abstract readers and publishers of libs. */
@Global()
@Module({
  imports: [ProgrammeApiModule],
  providers: [
    // Publishes a commit on the seat feed, which reads the newest counts, and expires the cached answers of the programme.
    {
      provide: SeatPublisher,
      useFactory: (feed: SeatFeed, answers: ProgrammeAnswers): SeatPublisher => ({
        publish(change) {
          answers.changed(change.cafeIds);
          feed.publish(change);
        },
      }),
      inject: [SeatFeed, ProgrammeAnswers],
    },
    { provide: CountsReader, useExisting: CountReads },
  ],
  exports: [SeatPublisher, CountsReader],
})
class LibsModule {}

/** The API: one module for each feature. */
@Module({})
export class ApiModule implements OnModuleInit {
  readonly #metrics: Metrics;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  static for(configuration: Configuration, logger: AppLogger): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        PlatformModule.forApp('api', configuration, logger),
        LibsModule,
        IdentityModule,
        ProgrammeModule,
        SeatsModule,
        LiveModule,
        NotificationsModule,
        TicketsModule,
        HttpModule,
        DocsModule,
        ProgrammeApiModule,
        IdentityApiModule,
        RegistrationsModule,
        DoorModule,
        OrganiserModule,
        EditingModule,
        ImportingModule,
        MessagesModule,
      ],
    };
  }

  onModuleInit(): void {
    addSeatMetrics(this.#metrics.registry);
  }
}
