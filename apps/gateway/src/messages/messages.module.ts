import { Module } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module.ts';
import { CountsModule } from '../counts/counts.module.ts';
import { PushesModule } from '../pushes/pushes.module.ts';
import { ViewsModule } from '../views/views.module.ts';
import { LiveGateway } from './live.gateway.ts';

/** The live messages of clients. */
@Module({ imports: [ConnectionsModule, CountsModule, PushesModule, ViewsModule], providers: [LiveGateway] })
export class MessagesModule {}
