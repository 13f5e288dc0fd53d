import { type DynamicModule, Global, Module } from '@nestjs/common';
import { IdentityModule } from '#identity/module';
import { CountsReader } from '#live';
import { LiveModule } from '#live/module';
import { type AppLogger, AppServer, BoundedLog, type Configuration, type Metrics } from '#platform';
import { PlatformModule } from '#platform/module';
import { ProgrammeModule } from '#programme/module';
import { SeatReads } from '#seats';
import { SeatsModule } from '#seats/module';
import { MessagesModule } from './messages/messages.module.ts';

/** The seat feed reads counts from the seat engine. */
@Global()
@Module({ providers: [{ provide: CountsReader, useExisting: SeatReads }], exports: [CountsReader] })
class CountsReaderModule {}

@Global()
@Module({})
class GatewayModule {}

/**
 * The module of the gateway. Nest closes modules in the reverse order of these imports, global modules last: live connections leave first,
 * the database closes last.
 * @param made what exists before Nest
 */
export function gatewayModule(
  configuration: Configuration,
  logger: AppLogger,
  made: { metrics: Metrics; server: AppServer },
): DynamicModule {
  const { metrics, server } = made;
  const providers = [
    { provide: AppServer, useValue: server },
    { provide: BoundedLog, useValue: server.log },
  ];
  return {
    module: GatewayModule,
    providers,
    exports: [AppServer, BoundedLog],
    imports: [
      PlatformModule.forApp('gateway', configuration, logger, metrics),
      SeatsModule,
      ProgrammeModule,
      IdentityModule,
      CountsReaderModule,
      LiveModule,
      MessagesModule,
    ],
  };
}
