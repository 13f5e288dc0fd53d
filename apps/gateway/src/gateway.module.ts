import { type DynamicModule, Global, Module } from '@nestjs/common';
import { IdentityModule } from '#identity/module';
import { CountsReader } from '#live';
import { LiveModule } from '#live/module';
import type { AppLogger, AppServer, Configuration, Metrics } from '#platform';
import { PlatformModule } from '#platform/module';
import { ProgrammeModule } from '#programme/module';
import { CountReads } from '#seats';
import { SeatsModule } from '#seats/module';
import { MessagesModule } from './messages/messages.module.ts';

/** The reader with which the seat feed reads counts from the seat engine. */
@Global()
@Module({ providers: [{ provide: CountsReader, useExisting: CountReads }], exports: [CountsReader] })
class CountsReaderModule {}

@Module({})
class GatewayModule {}

/**
 * The module of the gateway. Nest closes modules in the reverse order of these imports, global modules last: live connections close first,
 * the database last.
 * @param made the parts that exist before Nest
 */
export function gatewayModule(
  configuration: Configuration,
  logger: AppLogger,
  made: { metrics: Metrics; server: AppServer },
): DynamicModule {
  return {
    module: GatewayModule,
    imports: [
      PlatformModule.forApp('gateway', configuration, logger, made),
      SeatsModule,
      ProgrammeModule,
      IdentityModule,
      CountsReaderModule,
      LiveModule,
      MessagesModule,
    ],
  };
}
