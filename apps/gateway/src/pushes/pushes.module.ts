import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module.ts';
import { CountsModule } from '../counts/counts.module.ts';
import { ViewsModule } from '../views/views.module.ts';
import { Broadcaster } from './broadcaster.ts';
import { Pushes } from './pushes.ts';

/** Pushes each change to the connections that watch it. */
@Module({
  imports: [ConnectionsModule, CountsModule, ViewsModule],
  providers: [Pushes, Broadcaster],
  exports: [Pushes],
})
export class PushesModule {}
