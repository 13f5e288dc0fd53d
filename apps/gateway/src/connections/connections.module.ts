import type { IncomingMessage } from 'node:http';
import { Module } from '@nestjs/common';
import { AppLogger, Configuration } from '#platform';
import { LiveAccess } from './access.ts';
import { Admission } from './admission.ts';
import { Inspector } from './inspector.ts';
import { LiveAdapter } from './live-adapter.ts';
import { LiveConnections } from './live-connections.ts';

/** Live connections: admission, authentication, limits, and how they close. */
@Module({
  providers: [
    {
      provide: Admission,
      useFactory: (configuration: Configuration, access: LiveAccess, logger: AppLogger) =>
        new Admission(configuration, (handshake: IncomingMessage) => access.ownerOf(handshake).attendeeId, logger),
      inject: [Configuration, LiveAccess, AppLogger],
    },
    LiveAccess,
    LiveConnections,
    LiveAdapter,
    Inspector,
  ],
  exports: [LiveAccess, LiveConnections, Inspector],
})
export class ConnectionsModule {}
